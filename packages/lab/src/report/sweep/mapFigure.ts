import * as Plot from "@observablehq/plot";

import type { Axis } from "../../sweep/axis.ts";
import type { Html } from "../html.ts";
import { plotSvg } from "../plotSvg.ts";
import { type DrawnPoint, lossDomain } from "./sweepPoints.ts";

/** A cell is as dark as its loss is low; the best one of an optimizer has a frame. For two settings of a grid, an optimizer. */
export function mapFigure(
  [across, up]: readonly [Axis, Axis],
  points: readonly DrawnPoint[],
  label: string,
): Html | undefined {
  const own = points.filter(
    (point) =>
      point.label === label &&
      point.settings[across.name] !== undefined &&
      point.settings[up.name] !== undefined,
  );
  const cells = new Map<string, { x: string; y: string; loss: number }>();
  for (const { settings, loss } of own) {
    const [x, y] = [textOf(settings[across.name]), textOf(settings[up.name])];
    const known = cells.get(`${x} ${y}`);
    if (known === undefined || loss < known.loss) cells.set(`${x} ${y}`, { x, y, loss });
  }
  const list = [...cells.values()];
  const [columns, rows] = [domainOf(list.map(({ x }) => x)), domainOf(list.map(({ y }) => y))];
  if (columns.length < 2 || rows.length < 2) return undefined;
  const least = Math.min(...list.map(({ loss }) => loss));
  const [low, high] = lossDomain(list.map(({ loss }) => loss));
  const strength = ({ loss }: { readonly loss: number }): number =>
    Math.round(100 * (1 - Math.min(1, Math.max(0, (loss - low) / (high - low)))));
  return plotSvg(
    {
      width: Math.min(720, 120 + 74 * columns.length),
      height: 90 + 34 * rows.length,
      marginLeft: 84,
      marginBottom: 44,
      padding: 0.04,
      x: { label: across.name, domain: columns, tickSize: 0 },
      y: { label: up.name, domain: rows.reverse(), tickSize: 0 },
      color: { type: "identity" },
      marks: [
        Plot.cell(list, {
          x: "x",
          y: "y",
          fill: (cell: { readonly loss: number }) =>
            `color-mix(in srgb, var(--accent) ${strength(cell)}%, var(--card))`,
          stroke: ({ loss }: { readonly loss: number }) => (loss === least ? "var(--ink)" : "var(--line)"),
        }),
        Plot.text(list, {
          x: "x",
          y: "y",
          text: ({ loss }: { readonly loss: number }) => loss.toFixed(loss < 10 ? 3 : 1),
          fill: (cell: { readonly loss: number }) => (strength(cell) > 55 ? "var(--page)" : "var(--ink)"),
        }),
      ],
    },
    `Validation loss of ${label} by ${across.name} and ${up.name}`,
  );
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Each value once, numbers in order. */
function domainOf(texts: readonly string[]): string[] {
  const once = [...new Set(texts)];
  return once.every((text) => Number.isFinite(Number(text)))
    ? once.sort((a, b) => Number(a) - Number(b))
    : once;
}
