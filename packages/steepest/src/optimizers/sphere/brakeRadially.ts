import { numpy as np } from "@jax-js/jax";
import { expectNumbers } from "../../core/expectNumbers.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { disposeTree, mapLeaves } from "../../core/tree.ts";
import { length } from "../../matrix/reduce.ts";

export interface RadialBrakeOptions {
  /** Share of a growing norm that is let through. Default 0.5. */
  readonly outward?: number;
  /** Share of a shrinking norm. Default 1. */
  readonly inward?: number;
}

/**
 * Behind the learning rate: W + Δ is rescaled to the norm ‖W‖ + s(‖W + Δ‖ − ‖W‖), s = `outward` where the norm would grow,
 * else `inward`. Source: NVIDIA Emerging-Optimizers, weight_update_hooks.
 */
export function brakeRadially({ outward = 0.5, inward = 1 }: RadialBrakeOptions = {}): StatelessTransform {
  expectNumbers("brakeRadially", { outward, inward }, "≥ 0");
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      const braked = mapLeaves(
        (u, w) => {
          const moved = w.ref.add(u);
          const [before, after] = [length(w.ref), length(moved.ref)];
          const share = np.where(after.ref.greater(before.ref), outward, inward);
          const target = before.ref.add(after.ref.sub(before).mul(share));
          return moved.mul(target.div(np.where(after.ref.greater(0), after, 1))).sub(w);
        },
        updates,
        params,
      );
      return [braked, state];
    },
  };
}
