import { chain } from "../../core/chain.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, integer, nonNegative, pastWeight, rate, type ValuesOf } from "../../define/options.ts";
import { matrixAuxiliary, matrixAuxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { rotate, rotatedDiagonal, type Sides, unrotate } from "../../fisher/rotatedDiagonal.ts";
import { shorterSide } from "../../fisher/sharedEigenspace.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

const options = {
  learningRate: rate(1e-3, "η"),
  b1: pastWeight(0.9, "weight of the past in the average of gradients"),
  b2: pastWeight(0.999, "weight of the past in the average of rotated squares"),
  refreshEvery: integer(200, 1, "T: steps between two bases"),
  rerotate: flag(true, "carry the average of gradients over to a new basis; false: its rotated entries stay"),
  eps: nonNegative(1e-8, "added outside the root"),
  weightDecay: nonNegative(0, "λ, decoupled"),
  ...matrixAuxiliaryOptions,
};

/**
 * The average of gradients is kept unrotated, which is to carry the paper's rotated one over to every new basis; with
 * `rerotate: false` it is moved so that its rotated entries stay, which then depends on the arbitrary signs of the vectors. T and that choice could not be confirmed from the paper,
 * and no code was found. Rotated entries below 1e-6 of
 * the largest count as 0: in the bases of a gradient itself they are rounding, which the division would bring to ±1.
 */
function adadiagMethods(
  name: string,
  sides: Sides,
  values: ValuesOf<typeof options>,
  schedule: Schedule | undefined,
): readonly Method[] {
  const { learningRate, b1, b2, refreshEvery, rerotate, eps, weightDecay } = values;
  const transform = chain(
    preconditioned(rotatedDiagonal({ sides, tracked: false, flushBelow: 1e-6, eps }), {
      b1,
      b2,
      refresh: { every: refreshEvery, at: "start" },
      ...(rerotate ? {} : { moveMean: (mean, before, after) => unrotate(after, rotate(before, mean)) }),
    }),
    addDecayedWeights(weightDecay),
    scaleByLearningRate(learningRate, schedule),
  );
  return [{ name, takes: hiddenWeights, transform }, matrixAuxiliary(values, schedule)];
}

export const adadiag = defineOptimizer({
  name: "adadiag",
  family: "fisher",
  summary: "Adam in the left singular basis of a single gradient, renewed now and then: no average of GGᵀ.",
  formula:
    "every T steps G = PΣQᵀ;  V ← b2·V + (1−b2)(PᵀG)²;  W ← (1−ηλ)W − η P(PᵀM̂/(√V̂ + eps));  the shorter side is rotated",
  source: "Nguyen et al. 2025, arXiv:2502.07488",
  state: "2mn + min(m, n)² for hidden weights, 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), one sample",
  computation: "O(m³/K + m²n)",
  when: "As Eigen-Adam without the average of GGᵀ: m² floats less. The basis is that of one gradient, so it is noisy for small batches.",
  options,
  recipe: (values, { schedule }) => adadiagMethods("adadiag", shorterSide, values, schedule),
});

export const adadiagPp = defineOptimizer({
  name: "adadiag_pp",
  family: "fisher",
  summary: "AdaDiag with both singular bases of a single gradient: SOAP's structure without its averages.",
  formula: "every T steps G = PΣQᵀ;  V ← b2·V + (1−b2)(PᵀGQ)²;  W ← (1−ηλ)W − η P(PᵀM̂Q/(√V̂ + eps))Qᵀ",
  source: "Nguyen et al. 2025, arXiv:2502.07488",
  state: "2mn + m² + n² for hidden weights, 2mn for the rest",
  geometry: "(U_R ⊗ U_L) D (U_R ⊗ U_L)ᵀ, one sample",
  computation: "O((m³ + n³)/K + mn²)",
  when: "AdaDiag on both sides. Its bases come from a decomposition of one gradient every T steps, seldom enough to cost little.",
  options,
  recipe: (values, { schedule }) =>
    adadiagMethods("adadiag_pp", () => ({ left: true, right: true }), values, schedule),
});
