import { choice, flag, integer, pastWeight, positive, rate } from "../../define/options.ts";
import { auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import type { WeightStart } from "../../define/recipes/normChoice.ts";
import { polarOptions } from "../../define/recipes/polarOptions.ts";

/** Options of `sso` and `muon_sphere`. */
export const spectralSphereOptions = {
  learningRate: rate(0.02, "learning rate η: the step relative to R"),
  momentum: pastWeight(0.9, "momentum μ of M ← μM + (1−μ)G"),
  nesterov: flag(true, "Nesterov's look-ahead"),
  radius: choice("rms", ["rms", "shape", "moonlight"], "R: √(m/n), √max(1, m/n) or 0.2√max(m, n)"),
  initialize: choice<WeightStart>(
    "norm",
    ["model", "norm"],
    "where weights start before the first step: where the model puts them, or semi-orthogonal at the radius; the step retracts either",
  ),
  radiusScale: positive(1, "a further factor on R"),
  powerSteps: integer(5, 1, "iterations for the top singular pair of W"),
  ...polarOptions({ coefficients: "polarExpressNvidia", steps: 8, normalization: "torch" }),
  ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
};
