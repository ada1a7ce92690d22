import type { Series } from "./figureParts.ts";
import { medianOf } from "./statistics.ts";

/** A run of a certain number of steps on a problem that was made larger by a factor. */
interface SizedRun {
  readonly steps: number;
  readonly size: number;
}

/** Medians over problems of one size, by steps: what was measured, and the bound on it. */
export function boundCurves<Run extends SizedRun>(
  runs: readonly Run[],
  size: number,
  measured: (run: Run) => number,
  bound: (run: Run) => number,
): Series[] {
  const own = runs.filter((one) => one.size === size);
  const steps = [...new Set(own.map((one) => one.steps))].sort((a, b) => a - b);
  const line = (read: (run: Run) => number) =>
    steps.map((at) => [at, medianOf(own.filter((one) => one.steps === at).map(read))] as const);
  return [
    { name: `times ${size}`, dots: true, points: line(measured) },
    { name: `bound, times ${size}`, dashed: true, points: line(bound) },
  ];
}
