import { chain } from "../../core/chain.ts";
import type { Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { momentumEstimate } from "../../steps/momentum.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { mapMatrices } from "../../transforms/mapMatrices.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { toLength } from "../../transforms/sinkhorn.ts";

/** Rows (of an embedding: columns) at RMS one, with a floor of 1e-8 on the RMS. */
const toRms = (axis: -1 | -2) =>
  mapMatrices("scale", (x) => {
    const root = Math.sqrt(x.shape.at(axis) ?? 1);
    return toLength(x, axis, root, 1e-8 * root);
  });

/**
 * SCALE: gradients of weights with rows of RMS one (embeddings [vocab, width]: columns), momentum for the
 * head alone. AdamW for vectors.
 *
 *   U = G, for the head M ← μM + (1−μ)G and U = M;   W ← (1−ηλ)W − η·rows of U at RMS 1
 *
 * State mn for the head, 2n for vectors, 0 for the rest. Source: Glentis, Li, Han & Hong 2025,
 * arXiv:2506.16659. The paper speaks of columns of weights stored [dIn, dOut]; its code normalises rows of
 * [dOut, dIn], as is done here.
 *
 * @example scale({ learningRate: 1e-3 })
 */
export const scale = defineOptimizer({
  name: "scale",
  family: "norm-constrained",
  summary:
    "Gradients with rows of RMS one, momentum for the head only: the least memory that trains a language " +
    "model.",
  formula:
    "U = G, for the head M ← μM + (1−μ)G, U = M;  W ← (1−ηλ)W − η·rows of U at RMS 1 (embedding: columns)",
  source: "Glentis, Li, Han & Hong 2025, arXiv:2506.16659; OptimAI-Lab/Minimalist_LLM_Pretraining",
  state: "mn for the head, 2n for vectors, 0 for the rest",
  geometry: "row norms",
  computation: "O(mn)",
  when: "Language models with the least memory: momentum for the head alone.",
  options: {
    learningRate: rate(1e-4, "learning rate η; 1e-3 in their runs up to 350M parameters"),
    momentum: pastWeight(0.9, "momentum μ of the head"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: "same", weightDecay: 0, eps: 1e-8, b2: 0.999 }),
  },
  recipe(values, { schedule }) {
    const method = (name: string, axis: -1 | -2, momentum: number, takes: Method["takes"]): Method => ({
      name,
      takes,
      transform: chain(
        momentumEstimate(momentum),
        toRms(axis),
        addDecayedWeights(values.weightDecay),
        scaleByLearningRate(values.learningRate, schedule),
      ),
    });
    return [
      method("scale_embedding", -2, 0, ({ role }) => role === "embedding"),
      method("scale_head", -1, values.momentum, ({ role }) => role === "head"),
      method("scale", -1, 0, ({ shape }) => shape.length >= 2),
      auxiliaryAdamW(values, schedule),
    ];
  },
});
