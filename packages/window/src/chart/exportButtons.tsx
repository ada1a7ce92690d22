import type { JSX } from "preact";

import { chartCsv } from "./chartCsv.ts";
import { chartSvg, type DrawnChart } from "./chartSvg.ts";
import { save, svgToPng } from "./save.ts";

/** The figure as SVG or PNG, and its numbers as CSV. */
export function ExportButtons(chart: DrawnChart): JSX.Element {
  const name = chart.title.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();
  const svg = (): Blob => new Blob([chartSvg(chart)], { type: "image/svg+xml" });
  return (
    <div class="exports">
      <span>Save</span>
      <button type="button" onClick={() => save(svg(), `${name}.svg`)}>
        SVG
      </button>
      <button type="button" onClick={async () => save(await svgToPng(svg(), 2), `${name}.png`)}>
        PNG
      </button>
      <button
        type="button"
        onClick={() => save(new Blob([chartCsv(chart.lines)], { type: "text/csv" }), `${name}.csv`)}
      >
        CSV
      </button>
    </div>
  );
}
