import { expectNumbers } from "../core/expectNumbers.ts";
import { type Coefficients, mapSingularValue } from "./coefficients/coefficientSet.ts";

export interface GramRestartsOptions {
  /** Error of an entry of the Gram matrix, relative to its largest eigenvalue. Default 1e-6, that of float32. */
  readonly rounding?: number;
  /** The most that one segment may amplify a direction against another. Default 300: one restart for five published steps. */
  readonly limit?: number;
}

/** σ from 1 down to 1e-10, ten a decade. */
const GRID = Array.from({ length: 101 }, (_, i) => 10 ** (-i / 10));

/**
 * Before which steps `gramNewtonSchulz` should form the Gram matrix anew: the fewest restarts for which no segment
 * amplifies by more than `limit`, and of those the positions whose worst segment amplifies least.
 *
 * A segment is run on eigenvalues r = σ² − rounding, σ mapped by the steps before it:
 * q ← q·p(r), r ← r·p(r)², p(r) = a + br + cr². Its amplification is the largest max|q| / min|q| after any of its steps.
 * Where an eigenvalue that rounding made negative grows to the size of 1, q explodes, and so does the amplification.
 * Source of the idea: Zhang, Amsel, Chen & Dao 2026, Dao-AILab/gram-newton-schulz (rounding 4e-4, half precision).
 */
export function gramRestarts(
  schedule: readonly Coefficients[],
  { rounding = 1e-6, limit = 300 }: GramRestartsOptions = {},
): number[] {
  expectNumbers("gramRestarts", { rounding, limit }, "≥ 0");
  const steps = schedule.length;
  // best[j]: the least worst amplification of steps 0…j−1 in a given number of segments, and where they are cut.
  let best = Array.from(
    { length: steps + 1 },
    (_, end): Plan => ({
      worst: end === 0 ? 1 : amplification(schedule, 0, end, rounding),
      cuts: [],
    }),
  );
  for (let segments = 1; segments < steps; segments++) {
    const found = best[steps];
    if (found !== undefined && found.worst <= limit) return found.cuts;
    const before = best;
    best = before.map((_, end) => {
      let plan: Plan = { worst: Number.POSITIVE_INFINITY, cuts: [] };
      for (let cut = 1; cut < end; cut++) {
        const { worst, cuts } = before[cut] ?? plan;
        const here = Math.max(worst, amplification(schedule, cut, end, rounding));
        if (here < plan.worst) plan = { worst: here, cuts: [...cuts, cut] };
      }
      return plan;
    });
  }
  return best[steps]?.cuts ?? [];
}

interface Plan {
  readonly worst: number;
  readonly cuts: number[];
}

/** The largest max|q| / min|q| over the grid after any step of the segment; Infinity where it is no number. */
function amplification(
  schedule: readonly Coefficients[],
  from: number,
  to: number,
  rounding: number,
): number {
  const entering = GRID.map((sigma) => mapSingularValue(schedule.slice(0, from), sigma));
  const largest = Math.max(...entering.map((sigma) => sigma * sigma));
  let lines = entering.map((sigma) => ({ r: sigma * sigma - rounding * largest, q: 1 }));
  let worst = 1;
  for (const [a, b, c] of schedule.slice(from, to)) {
    lines = lines.map(({ r, q }) => {
      const p = a + r * (b + r * c);
      return { r: r * p * p, q: q * p };
    });
    const sizes = lines.map(({ q }) => Math.abs(q));
    const ratio = Math.max(...sizes) / Math.min(...sizes);
    worst = Math.max(worst, Number.isNaN(ratio) ? Number.POSITIVE_INFINITY : ratio);
  }
  return worst;
}
