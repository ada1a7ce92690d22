import * as Plot from "@observablehq/plot";
import { type Axis, isRange } from "../../sweep/axis.ts";
import type { OptimizerFinding } from "../../sweep/sweepSummary.ts";
import type { Html } from "../html.ts";
import { plotSvg } from "../plotSvg.ts";
import { type DrawnPoint, lossDomain } from "./sweepPoints.ts";

/** More values than these have round numbers below them instead of themselves. */
const MOST_TICKS = 12;

/**
 * How the loss depends on one setting: a dot for each point, a line through the best at each value for each optimizer. Undefined
 * where fewer than two values have a loss.
 */
export function profileFigure(
  axis: Axis,
  points: readonly DrawnPoint[],
  findings: readonly OptimizerFinding[],
): Html | undefined {
  const own = points.filter(({ settings }) => settings[axis.name] !== undefined);
  const best = findings.flatMap(({ profiles }, colour) =>
    (profiles.find(({ name }) => name === axis.name)?.values ?? []).flatMap(({ value, loss }) =>
      loss === null ? [] : [{ colour, value: placeOf(value), loss }],
    ),
  );
  if (new Set(best.map(({ value }) => value)).size < 2) return undefined;
  const numeric = best.every(({ value }) => typeof value === "number");
  const values = best.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const log =
    numeric && Math.min(...values) > 0 && (isRange(axis) ? axis.scale === "log" : spread(values) >= 4);
  const ticks = [...new Set(values)];
  const marked = numeric && ticks.length <= MOST_TICKS ? { ticks, tickFormat: shortNumber } : {};
  const stroke = ({ colour }: { readonly colour: number }): string => `var(--c${colour})`;
  return plotSvg(
    {
      width: 720,
      height: 340,
      marginLeft: 56,
      marginRight: 24,
      marginBottom: 44,
      x: {
        label: axis.name,
        ...(log && { type: "log" as const, tickFormat: shortNumber }),
        ...(!numeric && { type: "point" as const }),
        ...marked,
      },
      y: {
        label: "validation loss",
        domain: lossDomain(own.map(({ loss }) => loss)),
        grid: true,
        clamp: true,
      },
      color: { type: "identity" },
      marks: [
        Plot.ruleY([lossDomain(own.map(({ loss }) => loss))[0]], { stroke: "var(--line)" }),
        Plot.dot(own, {
          x: ({ settings }: DrawnPoint) => placeOf(settings[axis.name] ?? null),
          y: "loss",
          stroke,
          strokeOpacity: 0.45,
          r: 3,
        }),
        Plot.lineY(best, { x: "value", y: "loss", z: "colour", stroke, strokeWidth: 2.2 }),
        Plot.dot(best, { x: "value", y: "loss", fill: stroke, r: 4 }),
      ],
    },
    `Best validation loss by ${axis.name}`,
  );
}

const placeOf = (value: unknown): number | string =>
  typeof value === "number" ? value : typeof value === "string" ? value : JSON.stringify(value);

const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

const shortNumber = (value: number): string =>
  value >= 1e4 || value < 1e-3
    ? value.toExponential(0).replace("e+", "e")
    : String(Number(value.toPrecision(3)));
