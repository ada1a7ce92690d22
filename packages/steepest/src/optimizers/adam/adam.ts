import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { adamMethod, adamOptions } from "./adamMethod.ts";

/**
 * Adam, for every parameter: the averaged gradient divided by the root of the averaged squared gradient.
 *
 *   g = G + λW;   m ← b1·m + (1−b1)g;   v ← b2·v + (1−b2)g²
 *   W ← W − η m̂/(√v̂ + eps),   m̂ = m/(1 − b1ᵗ),  v̂ = v/(1 − b2ᵗ)
 *
 * State 2mn, 3mn with `amsgrad`. Source: Kingma & Ba 2014, arXiv:1412.6980; semantics of torch.optim.Adam; with
 * `epsInsideRoot` the divisor is √(v̂ + eps).
 *
 * @example adam({ learningRate: 1e-3 })
 */
export const adam = defineOptimizer({
  name: "adam",
  family: "fisher",
  summary: "The averaged gradient over the root of its averaged square; weight decay, if any, is L2.",
  formula: "g = G + λW;  m ← b1·m + (1−b1)g;  v ← b2·v + (1−b2)g²;  W ← W − η m̂ / (√v̂ + eps)",
  source: "Kingma & Ba 2014, arXiv:1412.6980",
  state: "2mn (3mn with amsgrad)",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when:
    "To reproduce published settings of Adam. For weight decay prefer `adamw`: here λW is part of the " +
    "gradient " +
    "and is divided by √v with it.",
  golden: ["adam", "adam_l2", "adam_amsgrad"],
  options: adamOptions({ weightDecay: 0, weightDecayMode: "l2" }),
  recipe: (values, { schedule }) => [adamMethod("adam", values, schedule)],
});
