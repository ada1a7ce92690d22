import { goTo } from "./address.ts";

/** Links to pages of the app change the page without loading it again; those with a modifier key, a target or a download do not. */
export function followLinks(isPage: (path: string) => boolean): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = event.target instanceof Element ? event.target.closest("a") : null;
    if (anchor === null || anchor.target !== "" || anchor.hasAttribute("download")) return;
    const to = new URL(anchor.href, window.location.href);
    if (to.origin !== window.location.origin || to.hash !== "" || !isPage(to.pathname)) return;
    event.preventDefault();
    goTo(to.href);
  });
}
