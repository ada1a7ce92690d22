import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

import { type Html, raw } from "./html.ts";

/** What a figure is drawn from; the document is ours. */
export type Figure = Omit<Plot.PlotOptions, "document">;

/**
 * A figure of Observable Plot as SVG, drawn here and not in the reader's browser: the page needs no script, and the same data give
 * the same bytes. Its text takes the page's colours. `label` says what is to be seen, for those who cannot.
 */
export function plotSvg(figure: Figure, label: string): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    ...figure,
    className: "figure", // Plot would count its figures
    document: document as unknown as Document, // linkedom's has all that Plot calls
    style: { background: "transparent", color: "currentColor", fontSize: "12px", overflow: "visible" },
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("font-family", "inherit");
  return raw(svg.outerHTML);
}
