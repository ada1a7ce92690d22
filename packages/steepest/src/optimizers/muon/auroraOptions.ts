import { coefficientOption } from "../../define/coefficientOption.ts";
import { integer } from "../../define/options.ts";
import { stepOptions } from "../../define/recipes/muonRecipe.ts";

/** What Aurora and its Riemannian form share: momentum, step and Newton-Schulz of hidden weights. */
export const auroraOptions = {
  ...stepOptions({
    learningRate: 0.05,
    nesterov: true,
    momentumForm: "ema",
    weightDecay: 0.025,
    scale: "shape",
  }),
  coefficients: coefficientOption("simple"),
  steps: integer(12, 1, "Newton-Schulz iterations of each polar factor"),
};
