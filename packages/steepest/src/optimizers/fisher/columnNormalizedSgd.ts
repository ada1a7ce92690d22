import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import { hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { columnBlock } from "../../fisher/columnBlock.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { mapUpdates } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { normalizeVectors } from "./normalizeVectors.ts";

/**
 * Column-normalised SGD, for hidden weights: every column of the gradient at one length, the step of a Fisher
 * matrix that is one multiple of I for each column. AdamW for the rest.
 *
 *   M ← μM + G, or G;   Uⱼ = Mⱼ/max(‖Mⱼ‖, eps), or Mⱼ/(√ŝⱼ + eps) with averaged squared lengths s
 *   W ← (1−ηλ)W − η·scale·U
 *
 * State 0 for hidden weights; mn more with momentum, n with `averageB2`. Source: Gong et al. 2025,
 * arXiv:2502.07752, Proposition 2.
 *
 * @example columnNormalizedSgd({ learningRate: 1e-3 })
 */
export const columnNormalizedSgd = defineOptimizer({
  name: "column_normalized_sgd",
  family: "fisher",
  summary:
    "Every column of the gradient at the same length: the block-isotropic Fisher matrix of one sample.",
  formula:
    "M ← μM + G (or G);  Uⱼ = Mⱼ/max(‖Mⱼ‖, eps), or Mⱼ/(√ŝⱼ + eps) with s averaged;  W ← (1−ηλ)W − η·scale·U",
  source: "Gong et al. 2025, arXiv:2502.07752, Proposition 2",
  state: "0 for hidden weights; +mn with momentum, +n with b2; 2mn for the rest",
  geometry: "S ⊗ I",
  computation: "O(mn)",
  when:
    "A stateless step for hidden weights, as cheap as SGD: the baseline for methods that use more than " +
    "column lengths.",
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    vectors: choice("columns", ["columns", "rows"], "what is brought to one length"),
    scale: choice(
      "adam",
      ["none", "fisher", "adam"],
      "1, √m (step of RMS 1) or 0.2√m, m the vector's length",
    ),
    momentum: pastWeight(0, "momentum μ of M ← μM + G; 0 keeps none"),
    averageB2: pastWeight(0, "weight of the past in an average of squared lengths; 0 takes those at hand"),
    lengthFloor: positive(1e-8, "least length that counts, or added to the root"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const { learningRate, vectors, scale, momentum, averageB2, lengthFloor, weightDecay } = options;
    const factor = (shape: readonly number[]): number => {
      const [rows, cols] = matrixSides(shape);
      const size = Math.sqrt(vectors === "columns" ? rows : cols);
      return scale === "none" ? 1 : scale === "fisher" ? size : 0.2 * size;
    };
    // The structure's own step has the factor √m already.
    const unit =
      averageB2 === 0
        ? normalizeVectors(vectors, lengthFloor)
        : chain(
            preconditioned(columnBlock({ vectors, eps: lengthFloor }), { b2: averageB2 }),
            mapUpdates((u) => u.div(Math.sqrt(matrixSides(u.shape)[vectors === "columns" ? 0 : 1]))),
          );
    const transform = chain(
      momentum === 0 ? identity() : trace(momentum),
      unit,
      mapUpdates((u) => u.mul(factor(u.shape))),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [
      {
        name: "column_normalized_sgd",
        takes: hiddenWeights,
        transform,
        scale: ({ shape }) => factor(shape),
      },
      auxiliaryAdamW(options, schedule),
    ];
  },
});
