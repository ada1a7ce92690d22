import { choice, pastWeight, rate } from "../../define/options.ts";
import { normChoice, scionRadii } from "../../define/recipes/normChoice.ts";
import type { MomentumStart } from "../../steps/momentum.ts";

/** Options of `scion` and `unconstrained_scion`. */
export const scionOptions = {
  learningRate: rate(1e-3, "learning rate γ: the share of the ball's radius that a step moves"),
  momentum: pastWeight(0.9, "momentum μ, the weight of the past; the paper's α is 1 − μ"),
  momentumStart: choice<MomentumStart>("zero", ["zero", "gradient"], "where the average starts"),
  ...normChoice(scionRadii),
};
