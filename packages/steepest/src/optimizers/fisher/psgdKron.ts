import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { integer, nonNegative, pastWeight, positive, rate, value } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleByPsgdKron } from "./scaleByPsgdKron.ts";

/**
 * PSGD with a Kronecker-factored preconditioner, for every parameter: whitening fitted by a descent of its
 * own.
 *
 *   X = P(G + noise);   Q ← Q − (μ/L)(XXᵀQ − nQ), L a bound of ‖XXᵀ‖₂ + n, and for columns;   P = QᵀQ
 *   W ← (1−ηλ)W − η·clip(P·G)
 *
 * State m² + n² + 2, d in place of d² for a diagonal side; mn more with momentum. Source: Li 2018,
 * arXiv:1512.04202; 2024, arXiv:2402.11858. Defaults are those of psgd_torch's KronWhiten, which has no
 * decay. With `maxSkew` 1 only the shorter side of a matrix is dense.
 *
 * @example psgdKron({ learningRate: 1e-3, momentum: 0.9 })
 */
export const psgdKron = defineOptimizer({
  name: "psgd_kron",
  family: "fisher",
  summary:
    "A Kronecker preconditioner fitted by a descent of its own: whitening without inverses or eigenvectors.",
  formula:
    "X = P(G + noise);  Q ← Q − (μ/L)(XXᵀQ − nQ), L bounds ‖XXᵀ‖₂ + n, and for columns;  P = QᵀQ;  " +
    "W ← (1−ηλ)W − η·clip(P·G)",
  source: "Li 2018, arXiv:1512.04202; 2024, arXiv:2402.11858",
  state: "m² + n² + 2 (a diagonal side d instead of d²); +mn with momentum",
  geometry: "(Q₂ᵀQ₂) ⊗ (Q₁ᵀQ₁), fitted",
  computation: "O(m²n)",
  when:
    "Whitening without any matrix decomposition, for every parameter. A step costs several products, and " +
    "the fit adds a little noise to the gradient it sees.",
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    lrPreconditioner: positive(0.1, "step μ of the preconditioner"),
    betaL: pastWeight(0.9, "weight of the past in L"),
    damping: nonNegative(1e-9, "noise added to gradients"),
    momentum: pastWeight(0, "weight of the past in a warmed-up average of gradients; 0 keeps none"),
    updateProbability: value(1, "[0, 1]", "share of steps that update the preconditioner", (given) =>
      typeof given === "number" && given >= 0 && given <= 1 ? given : undefined,
    ),
    maxSize: positive(8192, "longer sides are diagonal"),
    maxSkew: positive(1, "sides with d² above this times mn are diagonal"),
    seed: integer(0, 0, "seed of the noise"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  },
  recipe(options, { schedule }) {
    const { learningRate, weightDecay, ...fit } = options;
    const transform = chain(
      scaleByPsgdKron(fit),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [{ name: "psgd_kron", takes: everything, transform }];
  },
});
