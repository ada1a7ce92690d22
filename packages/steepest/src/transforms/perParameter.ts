import { numpy as np } from "@jax-js/jax";

import { expectFitsParameters } from "../core/fitsParameters.ts";
import type { StepContext, Transform } from "../core/transform.ts";
import {
  type Arrays,
  disposeTree,
  namedLeaves,
  type Stateless,
  type Tree,
  unflattenLike,
} from "../core/tree.ts";
import { nextCount, readPhase, zeroCount } from "./count.ts";

/** What a rule knows of the step besides its own arrays. Borrowed. */
export interface ParameterStep {
  readonly path: string;
  /** t: 1 at the first step; an int32 scalar. */
  readonly t: np.Array;
  readonly context: StepContext;
}

/**
 * How one parameter is treated, S being exactly the arrays it keeps. `init` and `update` consume all arrays handed in; all
 * handed out belong to the caller.
 */
export interface ParameterRule<S extends Tree> {
  readonly name: string;
  /** Default 1. */
  readonly period?: number;
  phaseKey?(context: StepContext): string;
  init(weight: np.Array, path: string): S;
  update(gradient: np.Array, state: S, weight: np.Array, step: ParameterStep): [update: np.Array, state: S];
  /** `Transform.estimate` for one parameter, in any shape of as many entries. Borrows both. */
  estimate?(state: S, gradient: np.Array): np.Array;
}

/** The step count, and what the rule keeps of every parameter by path. */
export type PerParameterState<S extends Tree> = { count: np.Array; own: Record<string, S> };

/** A transform that treats every parameter by the same rule, with arrays of its own for each. */
export function perParameter<S extends Tree>(rule: ParameterRule<S>): Transform<PerParameterState<S>> {
  const { name, period = 1 } = rule;
  return {
    period,
    ...(rule.phaseKey === undefined ? {} : { phaseKey: rule.phaseKey.bind(rule) }),
    init(params) {
      const own = namedLeaves(params).map(([path, leaf]) => [path, rule.init(leaf, path)] as const);
      return { count: zeroCount(), own: Object.fromEntries(own) };
    },
    update(updates, { count, own }, params, context) {
      expectFitsParameters(`the gradients given to ${name}`, updates, params);
      const known = stepContext(name, count, period, context);
      const t = nextCount(count);
      const weights = Object.fromEntries(namedLeaves(params));
      const done: Arrays = {};
      const next: Record<string, S> = {};
      for (const [path, gradient] of namedLeaves(updates)) {
        const weight = weights[path];
        const state = own[path];
        if (weight === undefined || state === undefined) throw new Error(`${name}: no state for "${path}"`);
        const [update, kept] = rule.update(gradient, state, weight, { path, t, context: known });
        done[path] = update;
        next[path] = kept;
      }
      return [unflattenLike(updates, done), { count: t, own: next }];
    },
    ...(rule.estimate === undefined ? {} : { estimate: estimateBy(name, rule.estimate.bind(rule)) }),
  };
}

function estimateBy<S extends Tree>(
  name: string,
  estimate: NonNullable<ParameterRule<S>["estimate"]>,
): NonNullable<Transform<PerParameterState<S>>["estimate"]> {
  return ({ own }, gradients) => {
    const found = namedLeaves(gradients).map(([path, gradient]) => {
      const state = own[path];
      if (state === undefined) throw new Error(`${name}: no state for "${path}"`);
      return [path, estimate(state, gradient).reshape(gradient.shape)] as const;
    });
    return unflattenLike(gradients, Object.fromEntries(found));
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
export function noState(weight: Tree): Stateless {
  disposeTree(weight);
  return {};
}
