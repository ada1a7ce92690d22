import { resolvedColour } from "./colours.ts";

/** What a drawing takes from the style sheet of the page. */
const taken = ["fill", "stroke", "stroke-width", "opacity", "font-size", "font-weight"] as const;

/** A drawing of the page as a file of its own: what the style sheet says of it becomes attributes. */
export function standaloneSvg(drawing: SVGSVGElement): string {
  const copy = document.importNode(drawing, true);
  const originals = [drawing, ...drawing.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((element, i) => {
    const original = originals[i];
    if (original === undefined) return;
    const style = getComputedStyle(original);
    for (const name of taken) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute("style");
    element.removeAttribute("class");
  });
  const [, , width = 900, height = 400] = (drawing.getAttribute("viewBox") ?? "").split(" ").map(Number);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  copy.setAttribute("font-family", "system-ui, sans-serif");
  const page = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  page.setAttribute("width", "100%");
  page.setAttribute("height", "100%");
  page.setAttribute("fill", resolvedColour("--card"));
  copy.prepend(page);
  return new XMLSerializer().serializeToString(copy);
}
