import { numpy as np } from "@jax-js/jax";
import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";

import { matrixSides } from "../core/parameters/matrixSides.ts";
import type { Transform } from "../core/transform.ts";
import { disposeTree, refTree, type Tree } from "../core/tree.ts";
import type { Mix, RefreshContext, Structure } from "../fisher/structure.ts";
import { biasCorrection } from "./count.ts";
import { type Graft, type GraftState, graftDirection, initGraft, withLengthOf } from "./graft.ts";
import { type ParameterStep, type PerParameterState, perParameter } from "./perParameter.ts";
import { choose, isRefresh, type RefreshPlan, refreshKey } from "./refresh.ts";
import { adamCorrection } from "./scaleByAdamCorrection.ts";

export interface PreconditionedOptions<S extends Tree = Tree> {
  /** Weight of the past in the average of gradients; 0 keeps none. Default 0. */
  readonly b1?: number;
  /** Weight of the past in the structure's averages; 1 means plain sums. Default 0.999. */
  readonly b2?: number;
  /** Another b2 for what is measured in the refreshed basis. Default b2. */
  readonly b2Measured?: number;
  /**
   * `averages`: mean and statistics divided by 1 − b^t before use. `stepSize`: √(1−b2^t)/(1−b1^t) on the result.
   * Default "averages".
   */
  readonly biasCorrection?: "averages" | "stepSize" | "none";
  /** When roots or bases are recomputed. Default: at every step. */
  readonly refresh?: RefreshPlan;
  /** Another method whose step length is taken, and whose step before `start`. Default none. */
  readonly graft?: Graft;
  /** The first step, from 1, that is preconditioned. Default 1. */
  readonly start?: number;
  /** What an untracked structure takes its basis from. Default "gradient". */
  readonly basisFrom?: "gradient" | "momentum";
  /**
   * For a structure with bases: the average of gradients at a refresh, from the statistics before and after it. Borrows
   * both, consumes the average. Default: it stays what it is.
   */
  readonly moveMean?: (mean: np.Array, before: S, after: S) => np.Array;
}

/** What the structure keeps; with b1 the average of gradients, with a graft that needs it one of squares, both [m, n]. */
export type PreconditionedState<S extends Tree> = { statistics: S; mean?: np.Array } & GraftState;

const everyStep: RefreshPlan = { every: 1, at: "start" };

/**
 * F̃^power applied to the average of gradients, F̃ of the given structure and fitted to the gradients so far:
 *
 *   m ← b1·m + (1−b1)g;  observe g, refresh, measure g;  emits Mat(F̃^power vec(m̂))
 *
 * Every parameter is a matrix of its own, of rank above 2 as [d0, rest], a vector as one column.
 * State: the structure's, and mn for b1 > 0. The period is that of the refresh.
 */
export function preconditioned<S extends Tree>(
  structure: Structure<S>,
  options: PreconditionedOptions<S> = {},
): Transform<PerParameterState<PreconditionedState<S>>> {
  const { b1 = 0, b2 = 0.999, b2Measured = b2, refresh: plan = everyStep } = options;
  const { biasCorrection: form = "averages", basisFrom = "gradient" } = options;
  const { graft = { method: "none" }, start = 1, moveMean } = options;
  expectNumbers("preconditioned", { b1 }, "[0, 1)");
  expectNumbers("preconditioned", { b2, b2Measured }, "[0, 1]");
  expectWhole("preconditioned", { "refresh.every": plan.every, start }, 1);
  expectNumbers("preconditioned", { "graft.b2": graft.b2 ?? 0 }, "[0, 1)");
  expectNumbers("preconditioned", { "graft.eps": graft.eps ?? 0 }, "≥ 0");
  const averages = form === "averages";
  const refresh = structure.refresh?.bind(structure);

  const update = (
    gradient: np.Array,
    { statistics, mean, ...grafts }: PreconditionedState<S>,
    { t, context }: ParameterStep,
  ): [np.Array, PreconditionedState<S>] => {
    const { shape } = gradient;
    const [rows, cols] = matrixSides(shape);
    const g = gradient.reshape([rows, cols]);
    let momentum = mean === undefined ? g.ref : averaging(b1)(mean.ref, g.ref);
    const correction = averages && b2 < 1 ? biasCorrection(b2, t.ref) : undefined;
    const correctionMeasured = averages && b2Measured < 1 ? biasCorrection(b2Measured, t.ref) : undefined;
    const refreshContext: RefreshContext = {
      rows,
      cols,
      correction,
      source: basisFrom === "momentum" ? momentum : g,
    };

    let kept = structure.observe(statistics, g.ref, averaging(b2));
    if (refresh !== undefined) {
      const refreshed = (s: Moving<S>): Moving<S> => {
        if (mean === undefined || moveMean === undefined)
          return { ...s, statistics: refresh(s.statistics, refreshContext) };
        const before = refTree(s.statistics);
        const after = refresh(s.statistics, refreshContext);
        const shift = moveMean(mean.ref, before, after).sub(mean.ref).mul(b1); // of the past in the average
        disposeTree(before);
        return { statistics: after, momentum: s.momentum.add(shift) };
      };
      const moving = { statistics: kept, momentum };
      ({ statistics: kept, momentum } = choose(isRefresh(plan, context), t, moving, refreshed, (s) => s));
    }
    mean?.dispose();
    kept = structure.measure?.(kept, g.ref, averaging(b2Measured)) ?? kept;

    const scaled =
      mean === undefined || !averages ? momentum.ref : momentum.ref.div(biasCorrection(b1, t.ref));
    const used = structure.measure === undefined ? correction : correctionMeasured;
    let step = structure.precondition(kept, scaled.ref, used);
    if (form === "stepSize") step = step.mul(adamCorrection(b1, b2Measured, t));
    correction?.dispose();
    correctionMeasured?.dispose();
    const [own, graftState] = graftDirection(graft, grafts, g, scaled, t);
    if (graft.method !== "none") step = withLengthOf(own.ref, step);
    step = start > 1 ? np.where(t.ref.less(start), own, step) : disposing(own, step);

    const next = { statistics: kept, ...graftState };
    if (mean !== undefined) return [step.reshape(shape), { ...next, mean: momentum }];
    momentum.dispose();
    return [step.reshape(shape), next];
  };

  return perParameter<PreconditionedState<S>>({
    name: `preconditioned(${structure.name})`,
    ...(refresh === undefined ? {} : { period: plan.every, phaseKey: (c) => refreshKey(plan, c) }),
    init(weight) {
      const [rows, cols] = matrixSides(weight.shape);
      const state = { statistics: structure.init(rows, cols), ...initGraft(graft, rows, cols) };
      if (b1 > 0) return { ...state, mean: np.zerosLike(weight).reshape([rows, cols]) };
      weight.dispose();
      return state;
    },
    update(gradient, state, weight, step) {
      weight.dispose();
      return update(gradient, state, step);
    },
    estimate: ({ mean }, gradient) => (mean ?? gradient).ref,
  });
}

/** What a refresh changes: the statistics, and with `moveMean` the average of gradients. */
type Moving<S extends Tree> = { statistics: S; momentum: np.Array };

/** beta·past + (1−beta)·sample; for beta = 1 their sum. */
export function averaging(beta: number): Mix {
  if (beta === 1) return (past, sample) => past.add(sample);
  return (past, sample) => past.mul(beta).add(sample.mul(1 - beta));
}

/** Gives up one array and keeps the other. */
function disposing(unused: np.Array, kept: np.Array): np.Array {
  unused.dispose();
  return kept;
}
