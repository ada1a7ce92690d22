import * as Plot from "@observablehq/plot";

import type { Html } from "../html.ts";
import { plotSvg } from "../plotSvg.ts";
import type { WatchChart } from "./watchCharts.ts";
import type { WatchPoint } from "./watchSeries.ts";

/** Values that differ by more than this factor are drawn on a log scale. */
const WIDE = 20;

/** Lines over the steps, coloured by their place among `names`. */
export function watchFigure(
  chart: WatchChart,
  points: readonly WatchPoint[],
  names: readonly string[],
): Html {
  const colour = ({ line }: WatchPoint): string => `var(--c${Math.max(0, names.indexOf(line))})`;
  const values = points.map(({ value }) => value);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const log = least > 0 && most / least > WIDE;
  const marked = chart.mark !== undefined && chart.mark >= least * 0.8 && chart.mark <= most * 1.25;
  return plotSvg(
    {
      width: 350,
      height: 210,
      marginLeft: 52,
      marginRight: 12,
      marginBottom: 34,
      x: { label: "step", ticks: 4, tickFormat: (step: number) => String(step) },
      y: {
        label: null,
        grid: true,
        ticks: 4,
        tickFormat: shortNumber,
        ...(log && { type: "log" as const }),
        ...(!log && least >= 0 && least < most / 2 && { zero: true }),
      },
      color: { type: "identity" },
      marks: [
        ...(marked ? [Plot.ruleY([chart.mark], { stroke: "var(--soft)", strokeDasharray: "3 3" })] : []),
        Plot.lineY(points, { x: "step", y: "value", z: "line", stroke: colour, strokeWidth: 1.8 }),
        ...(points.length <= 2 * names.length
          ? [Plot.dot(points, { x: "step", y: "value", fill: colour, r: 2.5 })]
          : []),
      ],
    },
    `${chart.title} over the steps`,
  );
}

const shortNumber = (value: number): string => {
  const size = Math.abs(value);
  if (value === 0) return "0";
  return size >= 1e4 || size < 1e-2
    ? value.toExponential(0).replace("e+", "e")
    : String(Number(value.toPrecision(3)));
};
