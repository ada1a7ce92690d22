import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../../core/expectNumbers.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { length } from "../../matrix/reduce.ts";
import { mapWithWeights } from "../mapWithWeights.ts";

/** Norms below this count as zero, as in NVIDIA Emerging-Optimizers. */
const TINY = 1e-15;

/**
 * u · ‖W‖_F/‖u‖_F, or of a given norm in place of ‖W‖_F: the learning rate becomes the relative length of a step. Zero where either norm is below 1e-15.
 * Source: NVIDIA Emerging-Optimizers, weight_update_hooks.
 */
export function relativeUpdate(radius: number | "weight" = "weight"): StatelessTransform {
  if (radius !== "weight") expectNumbers("relativeUpdate", { radius }, "> 0");
  return mapWithWeights((u, w) => {
    const [size, weight] = [length(u.ref), length(w)];
    const usable = np.minimum(size.ref, weight.ref).greaterEqual(TINY);
    const target = radius === "weight" ? weight : np.fullLike(weight, radius);
    return u.mul(np.where(usable.ref, target.div(np.where(usable, size, 1)), 0));
  });
}
