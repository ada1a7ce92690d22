import { numpy as np } from "@jax-js/jax";
import { type AllLayers, refTree, type Tree } from "steepest";

import type { Collectives } from "../../collectives/collectives.ts";
import type { Ownership } from "./ownership.ts";

/** What stands for other ranks while the update of one is traced. */
export interface TracedLayers {
  readonly allLayers: AllLayers;
  /** After tracing: the numbers of this rank, zeros for those of others, and what is to be there before they are exchanged. */
  found(): { readonly numbers: np.Array | undefined; readonly waiting: Tree };
}

/**
 * Numbers of all layers as an input of the graph, `given` in the order of `layers`, and those of this rank as an output of it: the
 * sum over all is taken in the graph, in the order of one process. Consumes `given`.
 */
export function tracedLayers(layers: readonly string[], given: np.Array): TracedLayers {
  let found: { numbers: np.Array | undefined; waiting: Tree } = { numbers: undefined, waiting: {} };
  return {
    allLayers(own, waiting) {
      if (found.numbers !== undefined)
        throw new Error("internal: a step asks for the sum over all layers once");
      found = {
        numbers: np.stack(layers.map((path) => own.get(path) ?? np.zeros([]))),
        waiting: refTree(waiting),
      };
      const all = new Map(layers.map((path, i) => [path, given.ref.slice(i)]));
      given.dispose();
      return all;
    },
    found() {
      if (found.numbers === undefined) given.dispose();
      return found;
    },
  };
}

/** Has every rank put the number of each layer where it is wanted, from the rank that owns the layer. */
export function exchangeLayers(
  collectives: Collectives,
  { layers, owner }: Ownership,
  { own, all }: { readonly own: ArrayLike<number> | undefined; readonly all: Float32Array },
): void {
  const numbers = collectives.allGather(layers.map((_, i) => own?.[i] ?? 0));
  for (const [i, path] of layers.entries()) all[i] = numbers[owner(path)]?.[i] ?? 0;
}
