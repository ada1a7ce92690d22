import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { adamMethod, adamOptions } from "./adamMethod.ts";

/**
 * AdamW, for every parameter: Adam with decoupled weight decay.
 *
 *   m ← b1·m + (1−b1)G;   v ← b2·v + (1−b2)G²
 *   W ← (1−ηλ)W − η m̂/(√v̂ + eps),   m̂ = m/(1 − b1ᵗ),  v̂ = v/(1 − b2ᵗ)
 *
 * State 2mn, 3mn with `amsgrad`. Source: Loshchilov & Hutter 2017, arXiv:1711.05101; semantics of
 * torch.optim.AdamW, whose decay is multiplied by η (the paper's by the schedule alone). With
 * `epsInsideRoot` the divisor is √(v̂ + eps).
 *
 * @example adamw({ learningRate: 3e-4, weightDecay: 0.1 })
 */
export const adamw = defineOptimizer({
  name: "adamw",
  family: "fisher",
  summary: "Adam with decoupled weight decay: the baseline of language models.",
  formula: "m ← b1·m + (1−b1)G;  v ← b2·v + (1−b2)G²;  W ← (1−ηλ)W − η m̂ / (√v̂ + eps)",
  source: "Loshchilov & Hutter 2017, arXiv:1711.05101",
  state: "2mn (3mn with amsgrad)",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when:
    "The baseline for every kind of parameter, and the usual method for embeddings, head, gains and biases " +
    "beside a matrix method. Its state is twice the weights.",
  golden: ["adamw"],
  options: adamOptions({ weightDecay: 0.01, weightDecayMode: "decoupled" }),
  recipe: (values, { schedule }) => [adamMethod("adamw", values, schedule)],
});
