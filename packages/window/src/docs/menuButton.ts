/** Opens and closes the list of pages where the screen has no place beside the text; brings the page shown into view where it has. */
export function menuButton(): void {
  const button = document.querySelector("#menu");
  const list = document.querySelector("#sidebar");
  button?.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
  });
  const here = list?.querySelector<HTMLElement>("[aria-current]");
  const side = list?.parentElement;
  if (here && side && side.scrollHeight > side.clientHeight)
    side.scrollTop = here.offsetTop - side.clientHeight / 3;
}
