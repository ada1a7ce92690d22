import { declaredEstimate } from "./estimate.ts";
import { expectFitsParameters } from "./fitsParameters.ts";
import type { StateOf, StepContext, Transform } from "./transform.ts";
import { disposeTree, refTree, type Tree } from "./tree.ts";

/** The states of a list of stages, in their order. */
type StatesOf<T extends readonly Transform[]> = { -readonly [K in keyof T]: StateOf<T[K]> };

/**
 * Stages applied one after the other: the updates of one are the gradients of the next.
 *
 * The state is the list of the stages' states; the period is the least common multiple of theirs.
 */
export function chain<const T extends readonly Transform[]>(...stages: T): Transform<StatesOf<T>> {
  return {
    period: commonPeriod(stages),
    phaseKey: (context) => commonKey(stages, context),
    init(params) {
      const states = stages.map((stage) => stage.init(refTree(params)));
      disposeTree(params);
      return states as StatesOf<T>;
    },
    update(updates, state, params, context) {
      expectFitsParameters("the gradients given to chain", updates, params);
      const states: Tree[] = [];
      let current = updates;
      for (const [i, stage] of stages.entries()) {
        const own = (state as readonly Tree[])[i];
        if (own === undefined) throw new Error(missingStage(i, stages.length));
        const [next, newState] = stage.update(current, own, refTree(params), phaseOf(stage, context));
        current = next;
        states.push(newState);
      }
      disposeTree(params);
      return [current, states as StatesOf<T>];
    },
    estimate(state, gradients) {
      for (const [i, stage] of stages.entries()) {
        const own = (state as readonly Tree[])[i];
        if (own === undefined) throw new Error(missingStage(i, stages.length));
        const found = declaredEstimate(
          `stage ${i + 1} of ${stages.length} of a chain`,
          stage,
          own,
          gradients,
        );
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

const missingStage = (i: number, count: number): string =>
  `chain: the state has no entry for stage ${i} of ${count}`;

/** The least common multiple of the periods of `stages`. */
export function commonPeriod(stages: readonly Transform[]): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  return stages.reduce((all, { period = 1 }) => (all * period) / gcd(all, period), 1);
}

/**
 * The key of the computation a step does: compile one step for every key that occurs, and pass the context
 * `{ phase: step % period, first: step === 0 }` while tracing it. Equal for all steps of a transform of period 1.
 */
export function stepKey(transform: Transform, context: StepContext): string {
  const own = phaseOf(transform, context) ?? context;
  if (transform.phaseKey !== undefined) return transform.phaseKey(own);
  return (transform.period ?? 1) === 1 ? "" : String(own.phase);
}

/** The key of several transforms that run in one step. */
export function commonKey(stages: readonly Transform[], context: StepContext): string {
  return stages
    .map((stage) => stepKey(stage, context))
    .filter((key) => key !== "")
    .join(" ");
}

/** The context of a stage inside a longer period. */
export function phaseOf(
  { period = 1 }: Transform,
  context: StepContext | undefined,
): StepContext | undefined {
  return context && { ...context, phase: context.phase % period };
}
