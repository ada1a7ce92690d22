import { polarExpressRaw } from "../../matrix/coefficients/named.ts";
import { withSafety } from "../../matrix/coefficients/polarExpressSchedule.ts";
import { muonFlavour } from "./muonFlavour.ts";

/** Polar Express with safety 1.05 on all five steps, restart after the second (Zhang et al. 2026). */
const gramCoefficients = withSafety(polarExpressRaw, 1.05).slice(0, 5);

/**
 * Muon on the small Gram matrix, for hidden weights and convolutions, seen as [dOut, rest]: the same step,
 * cheaper for wide and tall weights.
 *
 *   M ← μM + G;   O = Newton-Schulz of G + μM, iterated on its Gram matrix
 *   W ← (1−ηλ)W − η·0.2√max(dOut, dIn)·O
 *
 * AdamW at the same rate and decay for the rest. State mn. Source: Zhang, Amsel, Chen & Dao 2026,
 * Dao-AILab/gram-newton-schulz.
 *
 * @example muonGram({ learningRate: 1e-3 })
 */
export const muonGram = muonFlavour({
  name: "muon_gram",
  summary: "Muon that iterates on the small Gram matrix: cheaper for wide and tall weights.",
  when: "Very wide or tall weights: the iteration is on the short side.",
  source: "Zhang, Amsel, Chen & Dao 2026, Dao-AILab/gram-newton-schulz",
  defaults: {
    learningRate: 1e-3,
    nesterov: true,
    momentumForm: "sum",
    weightDecay: 0.1,
    scale: "moonlight",
    polar: "gram",
    coefficients: gramCoefficients,
    normalization: "keller",
  },
});
