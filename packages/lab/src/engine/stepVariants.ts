import { type Optimizer, type StepContext, stepKey } from "steepest";

/** The different computations that an optimizer's steps are, and which one a step is. */
export interface StepVariants {
  /** What to trace each of them with. */
  readonly contexts: readonly StepContext[];
  /** The position in `contexts` of a step, counted from 0. */
  of(step: number): number;
}

/**
 * Groups steps by what they compute: one variant for most optimizers, two for Mano, two or three for a method
 * that refreshes something every hundredth step.
 */
export function stepVariants(optimizer: Optimizer): StepVariants {
  const contextOf = (step: number): StepContext => ({ phase: step % optimizer.period, first: step === 0 });
  const contexts: StepContext[] = [];
  const positions = new Map<string, number>();
  // A first step and then one whole period: every key occurs among them.
  for (let step = 0; step <= optimizer.period; step++) {
    const key = stepKey(optimizer, contextOf(step));
    if (positions.has(key)) continue;
    positions.set(key, contexts.length);
    contexts.push(contextOf(step));
  }
  return {
    contexts,
    of(step) {
      const position = positions.get(stepKey(optimizer, contextOf(step)));
      if (position === undefined) throw new Error(`internal: no compiled computation for step ${step}`);
      return position;
    },
  };
}
