import { random } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Method } from "../../define/definition.ts";
import { choice } from "../../define/options.ts";
import type { WeightStart } from "../../define/recipes/normChoice.ts";

/** Where the head of AdamH and MuonH starts, whose norm never changes after. */
export const headStartOption = choice<WeightStart>(
  "norm",
  ["model", "norm"],
  "where the head starts: where the model puts it, or with rows of length 1 on average; its norm never changes after",
);

/**
 * Heads are Gaussian with rows of length 1 on average, so that logits of normalised activations have variance
 * 1; other weights start where the model puts them. Models start heads far smaller, at norms that keep all
 * probabilities nearly equal for ever.
 */
export function headStart(start: WeightStart): NonNullable<Method["initialize"]> {
  return (key, { shape, role }) => {
    if (start === "norm" && role === "head")
      return random.normal(key, [...shape]).mul(1 / Math.sqrt(matrixSides(shape)[1]));
    key.dispose();
    return undefined;
  };
}
