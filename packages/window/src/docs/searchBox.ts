import { type Found, searchIndex } from "./searchIndex.ts";

/** The field for searching: `/` goes there, arrows go through what was found, Enter opens the first, Escape leaves. */
export function searchBox(): void {
  const input = document.querySelector<HTMLInputElement>("#search");
  const results = document.querySelector<HTMLElement>("#results");
  const status = document.querySelector("#found");
  const box = input?.parentElement;
  if (input === null || results === null || status === null || !box) return;
  const root = document.body.dataset.root ?? ".";
  let index: Promise<(words: string) => Found[]> | undefined;

  function show(found: readonly Found[]): void {
    if (results === null || status === null || input === null) return;
    const asked = input.value.trim() !== "";
    results.replaceChildren(...found.map((one) => entry(one, root)));
    results.hidden = found.length === 0 || !asked;
    status.textContent = asked ? `${found.length === 0 ? "nothing" : found.length} found` : "";
    input.toggleAttribute("data-none", asked && found.length === 0);
  }

  async function search(): Promise<void> {
    const asked = input?.value ?? "";
    index ??= load(root);
    const find = await index;
    if (asked === input?.value) show(asked.trim() === "" ? [] : find(asked));
  }

  const close = (): void => {
    results.hidden = true;
  };
  input.addEventListener("focus", () => {
    index ??= load(root);
    if (input.value.trim() !== "") void search();
  });
  input.addEventListener("input", () => void search());
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && box.contains(relatedTarget))) close();
  });
  box.addEventListener("keydown", (event) => {
    const links = [...results.querySelectorAll("a")];
    const at = links.findIndex((link) => link.matches(":focus"));
    if (event.key === "Escape") {
      close();
      input.focus();
      close(); // the focus opened it
    } else if (event.key === "Enter" && document.activeElement === input) links[0]?.click();
    else if (event.key === "ArrowDown") links[Math.min(at + 1, links.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? links[at - 1] : input)?.focus();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof Element && event.target.closest("input, select, textarea") !== null;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
}

async function load(root: string): Promise<(words: string) => Found[]> {
  const response = await fetch(`${root}/search.json`);
  return searchIndex(await response.json());
}

function entry({ address, page, heading, excerpt }: Found, root: string): HTMLElement {
  const link = document.createElement("a");
  link.href = `${root}/${address}`;
  const title = document.createElement("strong");
  title.textContent = heading;
  const where = document.createElement("span");
  where.className = "where";
  where.textContent = heading === page ? "" : page;
  const text = document.createElement("span");
  text.textContent = excerpt;
  link.append(title, where, text);
  const item = document.createElement("li");
  item.append(link);
  return item;
}
