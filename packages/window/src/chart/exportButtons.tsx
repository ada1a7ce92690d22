import type { JSX } from "preact";

import { chartCsv } from "./chartCsv.ts";
import { chartSvg, type DrawnChart } from "./chartSvg.ts";
import { SaveButtons } from "./saveButtons.tsx";

/** The figure as SVG or PNG, and its numbers as CSV. */
export function ExportButtons(chart: DrawnChart): JSX.Element {
  const name = chart.title.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase();
  return <SaveButtons name={name} svg={() => chartSvg(chart)} csv={() => chartCsv(chart.lines)} />;
}
