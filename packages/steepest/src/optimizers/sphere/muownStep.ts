import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { Transform } from "../../core/transform.ts";
import { type Polar, polarFunction } from "../../matrix/polar.ts";
import { lengthsAlong } from "../../matrix/reduce.ts";
import { biasCorrection } from "../../transforms/count.ts";
import { currentRate } from "../../transforms/currentRate.ts";
import { divisor } from "../../transforms/divisor.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

export interface MuownOptions {
  readonly learningRate: Rate;
  readonly schedule: Schedule | undefined;
  readonly momentum: number;
  readonly nesterov: boolean;
  /** M ← μM + dV, or μM + (1−μ)dV. */
  readonly momentumForm: "sum" | "ema";
  readonly b1: number;
  readonly b2: number;
  readonly eps: number;
  /** What steps the magnitudes: Adam, or the sign of the averaged gradient, the oracle of their max norm. */
  readonly magnitudeStep: "adam" | "sign";
  readonly weightDecay: number;
  /** What is shrunk by ηλ: the weight, after which magnitudes are read off it again, or the magnitudes. */
  readonly decayOf: "weight" | "magnitude";
  /** Factor on the orthogonalised direction of an m × n weight. */
  readonly scale: (rows: number, cols: number) => number;
  readonly polar: Polar;
}

/** Least row norm that counts. */
const FLOOR = 1e-12;

/** M [m, n], and for every row, [m, 1]: g, ‖Vᵢ‖ and Adam's two averages for g. */
export type MuownState = {
  momentum: np.Array;
  magnitude: np.Array;
  length: np.Array;
  mean: np.Array;
  square: np.Array;
};

/**
 * W = diag(g) V̂ with every row's magnitude g and direction V̂ᵢ = Vᵢ/‖Vᵢ‖ stepping apart: g by Adam, V by
 * Muon. The whole step, learning rate included, since W is not linear in it:
 *
 *   U = W/g,  V = wU;   dg = Σⱼ G⊙U,   dV = (g/w)(G − U dg)
 *   V ← V − η·scale·msign(momentum of dV);   g ← g − η·Adam(dg) or η·sign(average of dg);   w ← ‖Vᵢ‖;   W ← g V/w
 *
 * State mn + 4m: momentum, g, w and Adam's two averages. Source: Lion et al. 2026, arXiv:2605.10797.
 */
export function muownStep(options: MuownOptions): Transform<PerParameterState<MuownState>> {
  const { momentum: mu, nesterov, momentumForm, b1, b2, eps, weightDecay, decayOf } = options;
  const msign = polarFunction(options.polar);
  const fresh = momentumForm === "ema" ? 1 - mu : 1;
  return perParameter({
    name: "muown",
    init(weight) {
      const [rows, cols] = matrixSides(weight.shape);
      const magnitude = lengthsAlong(weight.reshape([rows, cols]), 1);
      const zeros = (): np.Array => np.zeros([rows, 1]);
      return {
        momentum: np.zeros([rows, cols]),
        magnitude: magnitude.ref,
        length: magnitude,
        mean: zeros(),
        square: zeros(),
      };
    },
    update(gradient, state, weight, { t, context }) {
      const { shape } = gradient;
      const [rows, cols] = matrixSides(shape);
      const { momentum, magnitude, length, mean, square } = state;
      const eta = currentRate(options.learningRate, options.schedule, t, context.learningRateScale);
      const g = gradient.reshape([rows, cols]);
      const w = weight.reshape([rows, cols]);
      const safe = floored(magnitude.ref);
      const unit = w.ref.div(safe);
      const oldLength = np.maximum(length, FLOOR);

      const dMagnitude = np.sum(g.ref.mul(unit.ref), 1, { keepdims: true });
      const dDirection = g.sub(unit.ref.mul(dMagnitude.ref)).mul(magnitude.ref.div(oldLength.ref));
      const sum = momentum.mul(mu).add(dDirection.ref.mul(fresh));
      const look = nesterov ? dDirection.mul(fresh).add(sum.ref.mul(mu)) : disposing(dDirection, sum.ref);
      const step = msign(look).mul(eta.ref).mul(options.scale(rows, cols));
      const direction = unit.mul(oldLength).sub(step);

      const nextMean = mean.mul(b1).add(dMagnitude.ref.mul(1 - b1));
      const nextSquare = square.mul(b2).add(np.square(dMagnitude).mul(1 - b2));
      const stepOfMagnitude =
        options.magnitudeStep === "sign"
          ? np.sign(nextMean.ref)
          : nextMean.ref
              .div(biasCorrection(b1, t.ref))
              .div(divisor(np.sqrt(nextSquare.ref.div(biasCorrection(b2, t.ref))), eps));
      let nextMagnitude = magnitude.sub(stepOfMagnitude.mul(eta.ref));
      const shrink = eta.mul(weightDecay);
      if (decayOf === "magnitude") nextMagnitude = nextMagnitude.mul(np.subtract(1, shrink.ref));
      const nextLength = lengthsAlong(direction.ref, 1);
      let moved = nextMagnitude.ref.mul(direction.div(np.maximum(nextLength.ref, FLOOR)));
      if (decayOf === "weight" && weightDecay > 0) {
        moved = moved.sub(w.ref.mul(shrink.ref));
        nextMagnitude.dispose();
        nextMagnitude = lengthsAlong(moved.ref, 1);
      }
      shrink.dispose();
      const next = {
        momentum: sum,
        magnitude: nextMagnitude,
        length: nextLength,
        mean: nextMean,
        square: nextSquare,
      };
      return [moved.sub(w).reshape(shape), next];
    },
    estimate() {
      throw new Error(
        "muown averages the gradients of directions and of magnitudes apart, at the weights of each step: its state holds " +
          "no average of the gradient; watch the gradient itself",
      );
    },
  });
}

/** A magnitude to divide by: its sign kept, its size at least 1e-12. Consumes g. */
function floored(g: np.Array): np.Array {
  const size = np.maximum(np.abs(g.ref), FLOOR);
  return np.where(g.less(0), size.ref.neg(), size);
}

/** Gives up one array and keeps the other. */
function disposing(unused: np.Array, kept: np.Array): np.Array {
  unused.dispose();
  return kept;
}
