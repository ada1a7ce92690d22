import { polarExpressRaw } from "../../matrix/coefficients/named.ts";
import { withSafety } from "../../matrix/coefficients/polarExpressSchedule.ts";
import { muonFlavour } from "./muonFlavour.ts";

/** Polar Express with safety 1.05 on all five steps, restart after the second (Zhang et al. 2026). */
const gramCoefficients = withSafety(polarExpressRaw, 1.05).slice(0, 5);

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
