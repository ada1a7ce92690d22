import { numpy as np } from "@jax-js/jax";

import type { Transform } from "../core/transform.ts";
import { namedLeaves, type Tree, unflattenLike } from "../core/tree.ts";
import { unmoved } from "../transforms/unmoved.ts";
import type { Method } from "./definition.ts";

/** What parameters of a group with `freeze: true` get: they stay where they are, without state. */
export const frozen: Method = {
  name: "frozen",
  takes: () => true,
  reads: () => false,
  scale: () => 0,
  transform: unmoved(),
};

/**
 * The transform with gradients of frozen parameters at zero, so that no norm over all gradients and no check
 * sees them.
 */
export function withoutFrozen<S extends Tree>(
  inner: Transform<S>,
  isFrozen: (path: string) => boolean,
): Transform<S> {
  return {
    ...inner,
    init: (params) => inner.init(params),
    update(updates, state, params, context) {
      const seen = namedLeaves(updates).map(
        ([path, leaf]) => [path, isFrozen(path) ? np.zerosLike(leaf) : leaf] as const,
      );
      return inner.update(unflattenLike(updates, Object.fromEntries(seen)), state, params, context);
    },
  };
}
