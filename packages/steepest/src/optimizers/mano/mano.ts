import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { flag, OptionError } from "../../define/options.ts";
import { manoMethods } from "./manoMethods.ts";
import { manoOptions } from "./manoOptions.ts";

/**
 * Mano, for hidden weights and convolutions, seen as [dOut, rest]: momentum made tangent at the normalised
 * weight, with unit columns and unit rows in turn.
 *
 *   M ← μM + G;   Ŵ = W/‖W‖ₖ;   v = M − Ŵ⟨M, Ŵ⟩ₖ;   W ← (1−ηλ)W − η·0.2√nₖ·v/‖v‖ₖ
 *
 * ‖·‖ₖ and ⟨·,·⟩ₖ are along axis k, which alternates, columns first; nₖ is the length of that axis. AdamW at
 * the same rate and decay for the rest. State mn. Source: Gu & Xie 2026, arXiv:2601.23000.
 *
 * @example mano({ learningRate: 1e-3 })
 */
export const mano = defineOptimizer({
  name: "mano",
  family: "manifold",
  summary:
    "Momentum made tangent at the normalised weight, with unit columns and rows in turn: no matrix product.",
  formula:
    "M ← μM + G;  Ŵ = W/‖W‖ₖ;  v = M − Ŵ⟨M, Ŵ⟩ₖ;  W ← (1−ηλ)W − η·0.2√nₖ·v/‖v‖ₖ;  axis k alternates, columns first",
  source: "Gu & Xie 2026, arXiv:2601.23000",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "oblique manifold, of the step",
  computation: "O(mn)",
  when: "Muon's place without a matrix product: hidden weights of large models, with AdamW's learning rate, since steps have RMS 0.2 η.",
  golden: ["mano", "mano_nesterov"],
  options: {
    ...manoOptions(false),
    retractMomentum: flag(false, "keep the tangent part as the momentum, M ← v; not with nesterov"),
  },
  recipe(options, { schedule }) {
    if (options.retractMomentum && options.nesterov)
      throw new OptionError("mano: retractMomentum has no nesterov form; give one of them");
    return manoMethods("mano", "normalized", options, schedule, options.retractMomentum);
  },
});
