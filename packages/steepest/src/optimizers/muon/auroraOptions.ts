import { stepOptions } from "../../define/recipes/muonRecipe.ts";
import { polarOptions } from "../../define/recipes/polarOptions.ts";

/** What Aurora and its Riemannian form share: momentum, step and polar factor of hidden weights. */
export const auroraOptions = {
  ...stepOptions({
    learningRate: 0.05,
    nesterov: true,
    momentumForm: "ema",
    weightDecay: 0.025,
    scale: "shape",
  }),
  ...polarOptions({ coefficients: "simple", steps: 12 }),
};
