import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, integer, nonNegative, pastWeight, rate, value } from "../../define/options.ts";
import { rotatedDiagonal, type Sides } from "../../fisher/rotatedDiagonal.ts";
import { shorterSide } from "../../fisher/sharedEigenspace.ts";
import { decayAfter } from "../../transforms/decayAfter.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { scaleBySoap } from "./scaleBySoap.ts";

/**
 * SOAP, for every parameter (a vector d as [d, 1], rank above 2 as [d0, rest]): Adam in the slowly moving
 * eigenbasis of Shampoo's statistics.
 *
 *   L, R ← averages of GGᵀ, GᵀG;   U_L, U_R ← one QR power iteration every K steps
 *   M ← b1·M + (1−b1)G;   V ← b2·V + (1−b2)(U_LᵀGU_R)²
 *   W ← (W − η√(1−b2ᵏ)/(1−b1ᵏ)·U_L(U_LᵀMU_R/(√V + eps))U_Rᵀ)(1−ηλ);   no step at t = 1
 *
 * State 2mn + 2m² + 2n². A refresh costs a Cholesky QR, the first step an eigendecomposition. Source: Vyas et
 * al. 2024, arXiv:2409.11321; the rule of its code, the skipped first step included. Weights of rank above 2
 * are [d0, rest] here, where the code keeps a statistic for every axis. For a square matrix `oneSided`
 * rotates the rows, which the code cannot do.
 *
 * @example soap({ learningRate: 3e-3, preconditionFrequency: 10 })
 */
export const soap = defineOptimizer({
  name: "soap",
  family: "fisher",
  summary: "Adam in the slowly moving eigenbasis of Shampoo's statistics; works on every layer.",
  formula:
    "L, R ← averages of GGᵀ, GᵀG;  U_L, U_R ← one QR power iteration every K steps;  M ← b1·M + (1−b1)G;  " +
    "V ← b2·V + (1−b2)(U_LᵀGU_R)²;  W ← (W − η√(1−b2ᵏ)/(1−b1ᵏ)·U_L(U_LᵀMU_R/(√V + eps))U_Rᵀ)(1−ηλ);  " +
    "no step at t = 1",
  source: "Vyas et al. 2024, arXiv:2409.11321",
  state: "2mn + 2m² + 2n²; 2mn + 2min(m, n)² one-sided; a side longer than maxPreconditionDim drops its 2d²",
  geometry: "(U_R ⊗ U_L) D (U_R ⊗ U_L)ᵀ",
  computation: "O((m³ + n³)/K + mn²)",
  when:
    "Where memory allows 2m² + 2n² floats more than Adam: the richest structure here, for every layer. " +
    "Only the first step, which moves nothing, needs a decomposition. One-sided for wide weights.",
  golden: ["soap", "soap_frequency", "soap_one_sided"],
  options: {
    learningRate: rate(3e-3, "learning rate η"),
    b1: pastWeight(0.95, "weight of the past in the average of gradients"),
    b2: pastWeight(0.95, "weight of the past in the average of rotated squares"),
    shampooB: value<number | "b2">(
      "b2",
      "[0, 1), or b2",
      "weight of the past in the averages of GGᵀ and GᵀG",
      (given) => (given === "b2" ? "b2" : pastWeight(0, "").check(given)),
    ),
    eps: nonNegative(1e-8, "added to the uncorrected root"),
    preconditionFrequency: integer(10, 1, "K: steps between two bases"),
    refresh: choice("power", ["power", "eigen"], "one power iteration, or eigenvectors from scratch"),
    maxPreconditionDim: integer(10_000, 1, "longer sides are not rotated"),
    precondition1d: flag(false, "rotate vectors too, by one d × d statistic; false: they are Adam's"),
    firstStep: choice(
      "skip",
      ["skip", "project"],
      "the first gradient finds the bases only, or moves as well",
    ),
    oneSided: flag(false, "rotate the shorter side only"),
    correctBias: flag(true, "Adam's bias correction, on the step size"),
    normalizeGrads: flag(false, "divide every step by its root mean square"),
    weightDecay: nonNegative(0.01, "weight decay λ, decoupled, after the step"),
  },
  recipe(options, { schedule }) {
    const { learningRate, b1, b2, shampooB, eps, preconditionFrequency, refresh, weightDecay } = options;
    const { maxPreconditionDim: longest, oneSided, correctBias, normalizeGrads } = options;
    const { precondition1d, firstStep } = options;
    const sides: Sides = (rows, cols) => {
      if (cols === 1) return { left: precondition1d && rows <= longest, right: false };
      const wanted = oneSided ? shorterSide(rows, cols) : { left: true, right: true };
      return { left: wanted.left && rows <= longest, right: wanted.right && cols <= longest };
    };
    const transform = chain(
      scaleBySoap(rotatedDiagonal({ sides, eps }), {
        b1,
        b2,
        shampooB: shampooB === "b2" ? b2 : shampooB,
        every: preconditionFrequency,
        refresh,
        correctBias,
        normalizeGrads,
        firstStep,
      }),
      scaleByLearningRate(learningRate, schedule),
      decayAfter({ weightDecay, learningRate, schedule, skipsFirst: firstStep === "skip" }),
    );
    return [{ name: "soap", takes: everything, transform }];
  },
});
