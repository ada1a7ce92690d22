import { flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryOptions } from "../../define/recipes/auxiliary.ts";

/** Options of `mcsd` and `spel`. */
export const constrainedDescentOptions = {
  learningRate: rate(1e-2, "learning rate η: the length of the step in the norm, before it is projected"),
  momentum: pastWeight(0.95, "momentum μ of M ← μM + (1−μ)G; 0 for the deterministic method"),
  nesterov: flag(false, "Nesterov's look-ahead"),
  project: flag(true, "take the tangent part of M first"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled, before the projection"),
  ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
};
