import { numpy as np } from "@jax-js/jax";

import { chain } from "../../core/chain.ts";
import type { Rate } from "../../core/schedules/schedule.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, integer, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { clipByRms } from "../../transforms/clipByRms.ts";
import { ema } from "../../transforms/ema.ts";
import { identity } from "../../transforms/identity.ts";
import { scale } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { addTransformedWeights } from "./addTransformedWeights.ts";
import { factoredSquares } from "./factoredSquares.ts";
import { scaleByParameterRms } from "./scaleByParameterRms.ts";

/**
 * Adafactor, for every parameter: Adam's second moment kept by its row and column means, steps relative to
 * RMS(W).
 *
 *   β = 1 − t^(−0.8);   r, c ← β·(r, c) + (1−β)·(row, column means of G² + ε₁);   V = r cᵀ/mean(r)
 *   U = G/√V;   U ← U/max(1, RMS(U)/d);   W ← W − ρ·max(ε₂, RMS(W))·U,   ρ = min(η, 1/√t)
 *
 * State m + n of a matrix with both sides at least `minDimSizeToFactor`, else mn; mn more with `b1`. Source:
 * Shazeer & Stern 2018, arXiv:1804.04235. Decay is decoupled, (1 − αλ)W with α the step size of the tensor,
 * as in fairseq; optax's is not multiplied by α. Tensors of rank above 2 are factored as [d0, rest], where
 * optax takes the two longest sides.
 *
 * @example adafactor({ learningRate: 1e-2, relativeStep: "off" })
 */
export const adafactor = defineOptimizer({
  name: "adafactor",
  family: "fisher",
  summary: "Adam's second moment kept by row and column means only: almost no state, steps relative to ‖W‖.",
  formula:
    "β = 1 − t^(−0.8);  r, c ← row and column means of G² + eps, averaged;  V = r cᵀ/mean(r);  U = G/√V;  " +
    "U ← U/max(1, RMS(U)/d);  W ← W − ρ·max(ε₂, RMS(W))·U,  ρ = min(η, 1/√t)",
  source: "Shazeer & Stern 2018, arXiv:1804.04235",
  state: "m + n where both sides reach minDimSizeToFactor, else mn; +mn with b1",
  geometry: "rank one, Kullback-Leibler",
  computation: "O(mn)",
  when:
    "Large embeddings and tight memory: m + n floats for a weight instead of 2mn. Steps are relative to " +
    "RMS(W), and so is the learning rate.",
  golden: ["adafactor", "adafactor_momentum", "adafactor_relative"],
  options: {
    learningRate: rate(1e-2, "learning rate η: the largest step, relative to RMS(W)"),
    relativeStep: choice("on", ["on", "warmup", "off"], "ρ = min(η, 1/√t), min(1e-6·t, 1/√t), or η"),
    multiplyByParameterScale: flag(true, "steps relative to RMS(W); off: absolute"),
    parameterFloor: nonNegative(1e-3, "ε₂: least RMS(W) that counts"),
    b1: pastWeight(0, "weight of the past in the average of updates; 0 keeps none"),
    decayRate: positive(0.8, "the past weighs 1 − t^(−decayRate)"),
    eps: nonNegative(1e-30, "added to the squared gradient"),
    clipThreshold: positive(1, "d: largest RMS of an update before it is scaled"),
    minDimSizeToFactor: integer(128, 0, "matrices with a shorter side are not factored"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe(options, { schedule }) {
    const { decayRate, eps, minDimSizeToFactor, clipThreshold, b1, weightDecay, parameterFloor } = options;
    const rho = relativeRate(options.learningRate, options.relativeStep);
    const sized = chain(
      options.multiplyByParameterScale ? scaleByParameterRms(parameterFloor) : identity(),
      scaleByLearningRate(rho, schedule),
    );
    const transform = chain(
      factoredSquares({ decayRate, eps, minDimSizeToFactor }),
      clipByRms(clipThreshold),
      sized,
      b1 === 0 ? identity() : ema(b1),
      weightDecay === 0 ? identity() : addTransformedWeights(chain(scale(weightDecay), sized)),
    );
    return [{ name: "adafactor", takes: everything, transform }];
  },
});

/** ρ as a function of the step count from 0. */
function relativeRate(learningRate: Rate, mode: "on" | "warmup" | "off"): Rate {
  if (mode === "off") return learningRate;
  return (count) => {
    const t = count.add(1);
    const top =
      mode === "warmup"
        ? t.ref.mul(1e-6)
        : typeof learningRate === "number"
          ? np.array(learningRate)
          : learningRate(t.ref.sub(1));
    return np.minimum(top, np.reciprocal(np.sqrt(t)));
  };
}
