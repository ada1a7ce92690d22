import { chain } from "../../core/chain.ts";
import type { Transform } from "../../core/transform.ts";
import { everything, hiddenWeights } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, integer, nonNegative, pastWeight, positive, rate } from "../../define/options.ts";
import { rotatedDiagonal, type Sides } from "../../fisher/rotatedDiagonal.ts";
import { decayAfter } from "../../transforms/decayAfter.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { scale as scaleBy } from "../../transforms/scale.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

const projections = {
  std: (rows, cols) => ({ left: rows < cols, right: rows >= cols }),
  left: () => ({ left: true, right: false }),
  right: () => ({ left: false, right: true }),
  full: () => ({ left: true, right: true }),
  none: () => ({ left: false, right: false }),
} as const satisfies Record<string, Sides>;

type Projection = keyof typeof projections;

/**
 * Conda, for hidden weights [m, n]: Adam in the singular basis of its own momentum, renewed rarely. Adam for
 * the rest.
 *
 *   M ← b1·M + (1−b1)G;   every `gap` steps M = PSZᵀ;   V ← b2·V + (1−b2)(GZ)², or (PᵀG)² for m < n
 *   W ← (W − η√(1−b2ᵗ)/(1−b1ᵗ)·scale·(MZ/(√V + eps))Zᵀ)(1−ηλ)
 *
 * State 2mn + min(m, n)² for hidden weights. Source: Wang et al. 2025, arXiv:2509.24218. As in the code,
 * whose second moment is elementwise in spite of the name. `left` and `right` are full bases here, where the
 * code's thin ones lose the complement on the longer side; its `reverse_std` is not offered for that reason.
 *
 * @example conda({ learningRate: 1e-3, scale: 0.25 })
 */
export const conda = defineOptimizer({
  name: "conda",
  family: "fisher",
  summary:
    "Adam in the singular basis of its own momentum, renewed rarely: Eigen-Adam's structure, cheap to keep.",
  formula:
    "M ← b1·M + (1−b1)G;  every `gap` steps M = PSZᵀ;  V ← b2·V + (1−b2)(GZ)² (or (PᵀG)² for m < n);  " +
    "W ← (W − η√(1−b2ᵗ)/(1−b1ᵗ)·scale·(MZ/(√V + eps))Zᵀ)(1−ηλ)",
  source: "Wang et al. 2025, arXiv:2509.24218",
  state: "2mn + min(m, n)² for hidden weights, 2mn for the rest",
  geometry: "blockdiag(U Dⱼ Uᵀ), of the momentum",
  computation: "O(m³/K + m²n)",
  when:
    "Adam in a basis that is renewed every 2000 steps: decompositions are rare, and every step costs one " +
    "projection.",
  golden: ["conda"],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    b1: pastWeight(0.9, "weight of the past in the average of gradients"),
    b2: pastWeight(
      0.999,
      "weight of the past in the average of projected squares; the authors' runs take 0.99",
    ),
    eps: nonNegative(1e-8, "added to the uncorrected root"),
    gap: integer(2000, 1, "steps between two bases"),
    scale: positive(1, "factor on projected steps; the authors' runs take 0.25"),
    projection: choice<Projection>(
      "std",
      ["std", "left", "right", "full", "none"],
      "which side is projected: the shorter one, the left, the right, both or none",
    ),
    weightDecay: nonNegative(0, "weight decay λ, decoupled, after the step"),
  },
  recipe(options, { schedule }) {
    const { learningRate, b1, b2, eps, gap, scale, projection, weightDecay } = options;
    const direction = (sides: Sides): Transform =>
      preconditioned(rotatedDiagonal({ sides, tracked: false, eps }), {
        b1,
        b2,
        biasCorrection: "stepSize",
        refresh: { every: sides === projections.none ? 1 : gap, at: "start" },
        basisFrom: "momentum",
      });
    const tail = () =>
      chain(scaleByLearningRate(learningRate, schedule), decayAfter({ weightDecay, learningRate, schedule }));
    return [
      {
        name: "conda",
        takes: hiddenWeights,
        transform: chain(direction(projections[projection]), scaleBy(scale), tail()),
        scale: () => scale,
      },
      { name: "adamw", takes: everything, transform: chain(direction(projections.none), tail()) },
    ];
  },
});
