import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../../core/expectNumbers.ts";
import type { Transform } from "../../core/transform.ts";
import { length } from "../../matrix/reduce.ts";
import { type PerParameterState, perParameter } from "../perParameter.ts";

/**
 * Behind the learning rate: what brings W to ρ (W + Δ)/‖W + Δ‖_F, ρ the given norm, or the one W had at first. ρ is kept, one number, so that
 * rounding does not let the norm drift. Throws for a weight that starts at zero.
 */
export function keepNorm(
  given: number | "initial" = "initial",
): Transform<PerParameterState<{ radius: np.Array }>> {
  if (given !== "initial") expectNumbers("keepNorm", { given }, "> 0");
  return perParameter({
    name: "keepNorm",
    init(weight, path) {
      const radius = length(weight);
      // A traced radius cannot be looked at; optimizers are initialised outside `jit`.
      if (radius instanceof np.Array && radius.ref.item() === 0)
        throw new Error(
          `weight "${path}" starts at norm 0, which a method that keeps norms cannot leave: ` +
            "initialise it, or give it another method by { groups: [{ match, method }] }",
        );
      if (given === "initial") return { radius };
      return { radius: np.fullLike(radius, given) };
    },
    update(update, { radius }, weight) {
      const moved = weight.ref.add(update);
      const size = length(moved.ref);
      const safe = np.where(size.ref.greater(0), size, 1);
      return [moved.mul(radius.ref.div(safe)).sub(weight), { radius }];
    },
  });
}
