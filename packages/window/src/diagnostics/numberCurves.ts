import type { Line } from "../chart/line.ts";
import { groupsOf } from "../compare/groupsOf.ts";
import type { WatchLine } from "./watchLine.ts";

/** What a number is to be read against: a number beside it in the file, or 1. */
const against: Readonly<Record<string, string | 1>> = {
  /** What a clipping method compares with its threshold ρ. */
  compared: "threshold",
  /** A weight's norm and the ball that decay keeps it in, 1/λ times the layer's radius. */
  weight: "bound",
  /** weight / bound */
  used: 1,
};

/** Colours as many as that further are the same ones, dashed. */
const DASHED = 8;

/** Whether a number is drawn with what bounds it. */
export const hasBound = (number: string): boolean => against[number] !== undefined;

/** A number of each name over the steps, and dashed beside it what it is to be read against. */
export function numberCurves(lines: readonly WatchLine[], number: string): Line[] {
  const bound = against[number];
  return [...groupsOf(lines, ({ name }) => name)].flatMap(([name, own], colour) => {
    const curve = (of: (line: WatchLine) => number | undefined): Line["curve"] => {
      const known = own.filter((line) => of(line) !== undefined);
      const mean = known.map((line) => of(line) ?? Number.NaN);
      return { x: known.map(({ step }) => step), mean, min: mean, max: mean };
    };
    const line: Line = {
      key: name,
      label: name,
      colour: colour % DASHED,
      curve: curve(({ values }) => values[number]),
      band: false,
    };
    if (bound === undefined) return [{ ...line, colour }];
    const bounding: Line = {
      ...line,
      key: `${name} bound`,
      label: bound === 1 ? `${name}: 1` : `${name}: ${bound}`,
      colour: (colour % DASHED) + DASHED,
      curve: curve(({ values }) =>
        values[number] === undefined ? undefined : bound === 1 ? 1 : values[bound],
      ),
    };
    return bounding.curve.x.length > 0 ? [line, bounding] : [line];
  });
}
