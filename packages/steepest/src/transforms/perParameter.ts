import { numpy as np } from "@jax-js/jax";

import type { StepContext, Transform } from "../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, type Tree, unflattenLike } from "../core/tree.ts";
import { nextCount, readPhase, zeroCount } from "./count.ts";

/** What a rule knows of the step besides its own arrays. Borrowed. */
export interface ParameterStep {
  readonly path: string;
  /** t: 1 at the first step; an int32 scalar. */
  readonly t: np.Array;
  readonly context: StepContext;
}

/** How one parameter is treated. All arrays handed in are consumed, all handed out belong to the caller. */
export interface ParameterRule {
  readonly name: string;
  /** Default 1. */
  readonly period?: number;
  phaseKey?(context: StepContext): string;
  init(weight: np.Array, path: string): Arrays;
  update(gradient: np.Array, state: Arrays, weight: np.Array, step: ParameterStep): [np.Array, Arrays];
}

/** The step count, and the arrays of every parameter by path. */
export type PerParameterState = { count: np.Array; own: Record<string, Arrays> };

/** A transform that treats every parameter by the same rule, with arrays of its own for each. */
export function perParameter(rule: ParameterRule): Transform<PerParameterState> {
  const { name, period = 1 } = rule;
  return {
    period,
    ...(rule.phaseKey === undefined ? {} : { phaseKey: rule.phaseKey.bind(rule) }),
    init(params) {
      const own = namedLeaves(params).map(([path, leaf]) => [path, rule.init(leaf, path)] as const);
      return { count: zeroCount(), own: Object.fromEntries(own) };
    },
    update(updates, { count, own }, params, context) {
      const known = stepContext(name, count, period, context);
      const t = nextCount(count);
      const weights = Object.fromEntries(namedLeaves(params));
      const done: Arrays = {};
      const next: Record<string, Arrays> = {};
      for (const [path, gradient] of namedLeaves(updates)) {
        const [weight, state] = [weights[path], own[path]];
        if (weight === undefined || state === undefined) throw new Error(`${name}: no state for "${path}"`);
        const [update, kept] = rule.update(gradient, state, weight, { path, t, context: known });
        done[path] = update;
        next[path] = kept;
      }
      return [unflattenLike(updates, done), { count: t, own: next }];
    },
  };
}

/** The context with what it leaves out read from the step count, outside `jit`. Borrows the count. */
export function stepContext(
  name: string,
  count: np.Array,
  period: number,
  context: StepContext | undefined,
): StepContext {
  const phase = context?.phase ?? (period === 1 ? 0 : readPhase(name, count, period));
  if (context?.first !== undefined || !(count instanceof np.Array)) return { ...context, phase };
  return { ...context, phase, first: count.ref.item() === 0 };
}

/** For rules without arrays of their own. */
export function noState(weight: Tree): Arrays {
  disposeTree(weight);
  return {};
}
