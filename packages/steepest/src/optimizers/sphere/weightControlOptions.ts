import { choice, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { innerNames } from "../../define/recipes/innerDirection.ts";

/**
 * Options of `hyperball`, `relative_update` and `radial_brake`: whose direction, its momentum, and AdamW for
 * the rest.
 */
export const weightControlOptions = {
  learningRate: rate(1e-2, "learning rate η: the length of a step relative to ‖W‖"),
  inner: choice("momentum", innerNames, "whose direction: averaged gradients, Adam or Muon"),
  momentum: pastWeight(0.95, "momentum μ of the average, for momentum and muon"),
  ...auxiliaryOptions({ learningRate: 6e-4, weightDecay: 0, eps: 1e-8, shared: ["b1", "b2", "eps"] }),
};
