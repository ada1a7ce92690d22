import * as Plot from "@observablehq/plot";

import type { Html } from "../html.ts";
import { plotSvg } from "../plotSvg.ts";

/** The singular values of a matrix at a step, the largest first. */
export interface SpectrumAt {
  readonly step: number;
  readonly values: readonly number[];
}

/** Rows of a map at most; neighbouring singular values share one. */
const ROWS = 32;
/** Columns at most; of more steps some are left out. */
const COLUMNS = 40;
/** What is smaller than this beside the largest value of the map is as light as nothing. */
const SMALLEST = 1e-4;

/**
 * A heat map of a spectrum over the steps: a column for each look, the largest singular value on top, as dark as it is large on
 * a log scale from the smallest of the map (at most a ten-thousandth of the largest) to the largest.
 */
export function spectrumFigure(spectra: readonly SpectrumAt[], label: string): Html {
  const every = Math.ceil(spectra.length / COLUMNS);
  const shown = spectra.filter((_, i) => i % every === 0);
  const largest = Math.max(...shown.map(({ values }) => values[0] ?? 0));
  const count = Math.max(...shown.map(({ values }) => values.length));
  const rows = Math.min(ROWS, count);
  const least = Math.min(...shown.flatMap(({ values }) => values));
  const floor = Math.min(0.5, Math.max(SMALLEST, least / largest)); // of equal values all are dark
  const cells = shown.flatMap(({ step, values }) =>
    Array.from({ length: rows }, (_, row) => {
      const own = values.slice(
        Math.floor((row * values.length) / rows),
        Math.floor(((row + 1) * values.length) / rows),
      );
      const mean =
        own.reduce((sum, value) => sum + Math.log(Math.max(value / largest, floor)), 0) / own.length;
      const strength = largest === 0 ? 0 : 1 - (0.94 * mean) / Math.log(floor);
      return { step, from: 1 + Math.floor((row * count) / rows), strength: Number(strength.toFixed(2)) };
    }),
  );
  const steps = shown.map(({ step }) => step);
  const firsts = cells.slice(0, rows).map(({ from }) => from);
  const some = (values: readonly number[], most: number): number[] =>
    values.filter((_, i) => i % Math.ceil(values.length / most) === 0);
  return plotSvg(
    {
      width: 350,
      height: 210,
      marginLeft: 52,
      marginRight: 12,
      marginBottom: 34,
      padding: 0,
      x: { label: "step", domain: steps, ticks: some(steps, 6), tickSize: 3 },
      y: { label: null, domain: firsts, ticks: some(firsts, 5), tickSize: 3 },
      marks: [
        Plot.cell(cells, { x: "step", y: "from", fill: "var(--accent)", fillOpacity: "strength", inset: 0 }),
      ],
      opacity: { type: "identity" },
    },
    label,
  );
}
