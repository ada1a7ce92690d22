import { numpy as np } from "@jax-js/jax";

import type { StepContext } from "../core/transform.ts";
import { mapLeaves, refTree, type Tree } from "../core/tree.ts";

/**
 * Something expensive that is recomputed every `every` steps only: at steps 1, n+1, 2n+1 … (`start`), at
 * n, 2n … (`end`), or at 1, n, 2n … (`firstAndEnd`). Static, so that other steps are compiled without it.
 */
export interface RefreshPlan {
  readonly every: number;
  readonly at: "start" | "end" | "firstAndEnd";
}

/** True or false where the phase tells; undefined where it depends on whether this is the first step. */
export function isRefresh({ every, at }: RefreshPlan, { phase, first }: StepContext): boolean | undefined {
  if (at === "start") return phase === 0;
  if (phase === every - 1 || at === "end") return phase === every - 1;
  return phase === 0 ? first : false;
}

/** A key for `Transform.phaseKey`: equal for steps that treat the plan alike. */
export function refreshKey(plan: RefreshPlan, context: StepContext): string {
  const refresh = isRefresh(plan, context);
  return refresh === undefined ? "refreshIfFirst" : refresh ? "refresh" : "keep";
}

/**
 * `yes(state)` or `no(state)`. Where the condition is only known at run time, both, and a choice by t = 1.
 * Both consume the state; borrows t.
 */
export function choose<S extends Tree, T extends Tree>(
  condition: boolean | undefined,
  t: np.Array,
  state: S,
  yes: (state: S) => T,
  no: (state: S) => T,
): T {
  if (condition !== undefined) return condition ? yes(state) : no(state);
  const first = t.ref.equal(1);
  const chosen = mapLeaves((a, b) => np.where(first.ref, a, b), yes(refTree(state)), no(state));
  first.dispose();
  return chosen;
}
