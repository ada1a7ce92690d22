import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { manoMethods } from "./manoMethods.ts";
import { manoOptions } from "./manoOptions.ts";

/**
 * Mano without normalising the weight: the step is made tangent at W as it is, with unit columns and unit
 * rows in turn.
 *
 *   M ← μM + G;  g = G + μM;  v = g − W⟨g, W⟩ₖ;  W ← (1−ηλ)W − η·0.2√nₖ·v/(‖v‖ₖ + eps),  axis k alternates, columns first
 *
 * For hidden weights and convolutions, as [dOut, rest]; AdamW at the same rate and decay for the rest. State
 * mn. The default is that of the repository's manoV2.py of March 2026, with Nesterov's look-ahead; `nesterov:
 * false` projects M itself, as the authors' slide prints the method. Source: Gu & Xie 2026, arXiv:2601.23000.
 */
export const manoV2 = defineOptimizer({
  name: "mano_v2",
  family: "manifold",
  summary: "Mano without normalising the weight, and with Nesterov: the radial part is damped by 1 − ‖w‖².",
  formula:
    "M ← μM + G;  g = G + μM;  v = g − W⟨g, W⟩ₖ;  W ← (1−ηλ)W − η·0.2√nₖ·v/(‖v‖ₖ + eps);  axis k alternates",
  source: "Gu & Xie 2026, arXiv:2601.23000, repository's manoV2.py of March 2026",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "oblique manifold, of the step",
  computation: "O(mn)",
  when: "The later version of Mano, in the authors' curves the better one. Not invariant to the scale of the weight. The default is the repository's, with Nesterov; nesterov false is the method of their slide.",
  golden: ["mano_v2", "mano_v2_no_nesterov"],
  options: manoOptions(true),
  recipe: (options, { schedule }) => manoMethods("mano_v2", "raw", options, schedule),
});
