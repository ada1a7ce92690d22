import { computed, signal } from "@preact/signals";

const location = signal(new URL(window.location.href));

/** The page that is shown: `/runs`. */
export const path = computed(() => location.value.pathname.replace(/(.)\/+$/, "$1"));

/** What the page shows of all it could: every choice a reader makes is here, so that an address can be passed on. */
export const query = computed(() => location.value.searchParams);

window.addEventListener("popstate", () => {
  location.value = new URL(window.location.href);
});

/** Goes to another page of this server. */
export function goTo(href: string): void {
  const to = new URL(href, window.location.href);
  if (to.href === window.location.href) return;
  history.pushState(null, "", to);
  location.value = to;
  window.scrollTo(0, 0);
}

/** Changes the state of the page. `undefined` takes a name out: its default holds. Makes no entry in the history. */
export function setQuery(changes: Readonly<Record<string, string | readonly string[] | undefined>>): void {
  const to = new URL(location.value);
  for (const [name, value] of Object.entries(changes)) {
    to.searchParams.delete(name);
    for (const one of value === undefined ? [] : [value].flat()) to.searchParams.append(name, one);
  }
  if (to.href === window.location.href) return;
  history.replaceState(null, "", to);
  location.value = to;
}

/** A link of a page with its state: `link("/compare", { run: ["a", "b"] })`. */
export function link(to: string, state: Readonly<Record<string, string | readonly string[]>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(state))
    for (const one of [value].flat()) search.append(name, one);
  const text = search.toString();
  return text === "" ? to : `${to}?${text}`;
}
