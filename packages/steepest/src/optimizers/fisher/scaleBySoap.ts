import { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { StepContext, Transform } from "../../core/transform.ts";
import type { Tree } from "../../core/tree.ts";
import type { Structure } from "../../fisher/structure.ts";
import { rootMeanSquare } from "../../transforms/clipByRms.ts";
import { type ParameterStep, type PerParameterState, perParameter } from "../../transforms/perParameter.ts";
import { averaging } from "../../transforms/preconditioned.ts";
import { choose } from "../../transforms/refresh.ts";
import { adamCorrection } from "../../transforms/scaleByAdamCorrection.ts";

export interface SoapOptions {
  readonly b1: number;
  readonly b2: number;
  /** Weight of the past in the averages of GGᵀ and GᵀG. */
  readonly shampooB: number;
  /** Steps from one basis to the next. */
  readonly every: number;
  /** Eigenvectors from scratch at every refresh, or one power iteration (the official way). */
  readonly refresh: "power" | "eigen";
  readonly correctBias: boolean;
  /** Every step divided by its root mean square. */
  readonly normalizeGrads: boolean;
  /** `skip`: the first call only finds bases. `project`: it makes a step in them. Default "skip". */
  readonly firstStep?: "skip" | "project";
}

/** What the structure keeps, and the average of gradients [m, n], not rotated. */
export type SoapState<S extends Tree> = { statistics: S; mean: np.Array };

/** The state after a step, and the step [m, n]. */
type Moved<S extends Tree> = SoapState<S> & { update: np.Array };

/**
 * Adam in the slowly moving eigenbasis of a `rotatedDiagonal` structure, in SOAP's order:
 *
 *   first step:  L, R ← (1−b)GGᵀ, (1−b)GᵀG;  bases = their eigenvectors;  no update, or with "project" one in these bases
 *   afterwards:  m, v of the gradient in the last bases;  emits √(1−b2^k)/(1−b1^k) · unrotate(m/(√v + eps)), k = t − 1 ("project": t);
 *                then L, R and, every `every` steps, the bases
 *
 * The average of gradients is kept unrotated: the official code rotates it back and forth, which is the same.
 * Source: Vyas et al. 2024, arXiv:2409.11321; nikhilvyas/SOAP.
 */
export function scaleBySoap<S extends Tree>(
  structure: Structure<S>,
  options: SoapOptions,
): Transform<PerParameterState<SoapState<S>>> {
  const { b1, b2, shampooB, every, refresh: method, correctBias, normalizeGrads } = options;
  const projects = options.firstStep === "project";

  const refreshed = (statistics: S, from: "eigen" | "power", rows: number, cols: number): S =>
    structure.refresh?.(statistics, { rows, cols, method: from }) ?? statistics;

  /** A step in the bases at hand. Borrows the gradient. */
  const moved = ({ statistics, mean }: SoapState<S>, g: np.Array, t: np.Array): Moved<S> => {
    const momentum = averaging(b1)(mean, g.ref);
    const measured = structure.measure?.(statistics, g.ref, averaging(b2)) ?? statistics;
    let direction = structure.precondition(measured, momentum.ref);
    if (normalizeGrads) direction = direction.ref.div(rootMeanSquare(direction).add(1e-30));
    if (correctBias) {
      const k = projects ? t.ref : np.maximum(t.ref.sub(1), 1);
      direction = direction.mul(adamCorrection(b1, b2, k));
      k.dispose();
    }
    return { statistics: measured, mean: momentum, update: direction };
  };

  const later = (state: SoapState<S>, g: np.Array, { t, context }: ParameterStep): Moved<S> => {
    const [rows, cols] = matrixSides(g.shape);
    const { statistics, mean, update } = moved(state, g, t);
    const observed = structure.observe(statistics, g, averaging(shampooB));
    const now = context.phase === 0;
    return { statistics: now ? refreshed(observed, method, rows, cols) : observed, mean, update };
  };

  const first = ({ statistics, mean }: SoapState<S>, g: np.Array, { t }: ParameterStep): Moved<S> => {
    const [rows, cols] = matrixSides(g.shape);
    const observed = structure.observe(statistics, g.ref, averaging(shampooB));
    const found = { statistics: refreshed(observed, "eigen", rows, cols), mean };
    const next = projects ? moved(found, g, t) : { ...found, update: np.zerosLike(mean.ref) };
    g.dispose();
    return next;
  };

  return perParameter<SoapState<S>>({
    name: "soap",
    period: every,
    phaseKey: ({ phase, first: start }: StepContext) =>
      phase !== 0 ? "keep" : start === undefined ? "refreshOrFirst" : start ? "first" : "refresh",
    init(weight) {
      const [rows, cols] = matrixSides(weight.shape);
      return { statistics: structure.init(rows, cols), mean: np.zerosLike(weight).reshape([rows, cols]) };
    },
    update(gradient, state, weight, step) {
      weight.dispose();
      const { shape } = gradient;
      const g = gradient.reshape(matrixSides(shape));
      const { phase, first: start } = step.context;
      const { update, ...kept } = choose(
        phase === 0 ? start : false,
        step.t,
        state,
        (s) => first(s, g.ref, step),
        (s) => later(s, g.ref, step),
      );
      g.dispose();
      return [update.reshape(shape), kept];
    },
    estimate: ({ mean }) => mean.ref,
  });
}
