import { describeOptimizer, type OptimizerName } from "steepest";

import { LEAST_SEEDS } from "../compare/standing.ts";
import type { Table } from "./claim.ts";
import { lossDifference, settingsText } from "./compareFinals.ts";
import type { TunedOutcome } from "./protocol.ts";
import { intervalOf, meanOf, short, withInterval } from "./statistics.ts";

/** Mean over fresh seeds; infinite where none came to its end. */
export const lossOf = ({ finals }: TunedOutcome): number => {
  const losses = finals.flatMap(({ run }) => run.valLoss ?? []);
  return losses.length === 0 ? Number.POSITIVE_INFINITY : meanOf(losses);
};

/** Floats of state per parameter. */
export const floatsOf = ({ finals }: TunedOutcome): number => {
  const [first] = finals;
  return (first?.run.stateFloats ?? Number.NaN) / (first?.run.parameters ?? Number.NaN);
};

/** Of a whole step, the least of the runs. */
export const msOf = ({ finals }: TunedOutcome): number =>
  Math.min(...finals.map(({ run }) => run.msPerStep ?? Number.POSITIVE_INFINITY));

/** Those of which the best cannot be told apart: its interval with each holds zero. */
export function besideBest(ranked: readonly TunedOutcome[]): Set<string> {
  const [best] = ranked;
  if (best === undefined) return new Set();
  const tied = ranked.filter((one) => {
    const test = one === best ? undefined : lossDifference(one, best);
    return one === best || (test !== undefined && (test.pairs < LEAST_SEEDS || test.low <= 0));
  });
  return new Set(tied.map(({ label }) => label));
}

export const rankTable = (ranked: readonly TunedOutcome[]): Table => {
  const tied = besideBest(ranked);
  const [best] = ranked;
  return {
    caption:
      "All methods by their mean loss on fresh seeds. ●: cannot be told from the first (95 %, paired by seed, without correction for their number).",
    head: ["", "method", "", "family", "loss", "above the first", "settings", "state", "ms a step"],
    rows: ranked.map((one, i) => {
      const name = one.label as OptimizerName;
      const test = best === undefined || one === best ? undefined : lossDifference(one, best);
      return [
        String(i + 1),
        one.label,
        tied.has(one.label) ? "●" : "",
        describeOptimizer(name).family,
        withInterval(intervalOf(one.finals.flatMap(({ run }) => run.valLoss ?? []))),
        test === undefined ? "" : short(test.mean),
        one.settings === null ? "all diverged" : settingsText(one.settings),
        short(floatsOf(one)),
        short(msOf(one)),
      ];
    }),
  };
};
