import { choice, flag, nonNegative, pastWeight, rate } from "../../define/options.ts";
import { auxiliaryOptions } from "../../define/recipes/auxiliary.ts";

/** Options of `mano` and `mano_v2`. */
export const manoOptions = (nesterov: boolean) => ({
  learningRate: rate(1e-3, "learning rate η"),
  momentum: pastWeight(0.95, "momentum μ of M ← μM + G"),
  nesterov: flag(nesterov, "project G + μM instead of M"),
  axis: choice(
    "alternate",
    ["alternate", "columns", "rows"],
    "which vectors are unit: columns, then rows, in turn",
  ),
  weightDecay: nonNegative(0.1, "weight decay λ, decoupled"),
  ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8, shared: ["eps"] }),
});
