import { expectNumbers } from "../core/expectNumbers.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { disposeTree, mapLeaves } from "../core/tree.ts";

/** factor · updates. */
export function scale(factor: number): StatelessTransform {
  expectNumbers("scale", { factor }, "a number");
  return mapUpdates((u) => (factor === 1 ? u : u.mul(factor)));
}

/** `fn` applied to every update on its own: for steps that need neither state nor weights. */
export function mapUpdates(fn: Parameters<typeof mapLeaves>[0]): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      return [mapLeaves(fn, updates), state];
    },
  };
}
