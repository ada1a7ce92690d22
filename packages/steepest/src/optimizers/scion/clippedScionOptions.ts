import { pastWeight, positive, rate } from "../../define/options.ts";
import { normChoice, scionRadii } from "../../define/recipes/normChoice.ts";

/** Options of `clipped_scion` and `unconstrained_clipped_scion`. */
export const clippedScionOptions = {
  learningRate: rate(1e-3, "the paper's γρ: the share of the ball's radius that an unclipped step moves"),
  momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
  rho: positive(1, "S below which steps get shorter, S compared as it is; S grows with the radii"),
  ...normChoice(scionRadii, "model"),
};
