import type { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../core/estimate.ts";
import { matrixSides } from "../core/parameters/matrixSides.ts";
import { STACK_UP_TO, type Stackable, stacksOf, throughStack } from "../core/stacks.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../core/tree.ts";

export interface MapMatricesOptions {
  /**
   * Matrices of one shape with at most this many entries go through as one batch [k, m, n]; 0 for never. Default
   * `STACK_UP_TO`. Blocks of one weight (`inRowBlocks`) go through together whatever their size.
   */
  readonly stackUpTo?: number;
}

/**
 * `fn` applied to every update as a matrix [d0, rest], small ones of one shape stacked to a batch (`stacksOf`). `fn` must
 * treat the matrices of a batch independently, keep the shape and consume its argument.
 * Throws for a vector, which is no matrix worth the name: give it to another method.
 */
export function mapMatrices(
  name: string,
  fn: (batch: np.Array) => np.Array,
  { stackUpTo = STACK_UP_TO }: MapMatricesOptions = {},
): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params) {
      disposeTree(params);
      const leaves = namedLeaves(updates).map(([path, array]): Matrix => {
        if (array.ndim < 2)
          throw new Error(
            `${name}: a weight must have rank 2 or more, got "${path}" of shape [${array.shape}]`,
          );
        return { path, array: array.reshape(matrixSides(array.shape)), shape: array.shape };
      });
      const done: Arrays = {};
      for (const group of stacksOf(leaves, ({ array }) => array.shape.join("×"), stackUpTo)) {
        const results = throughStack(
          group.map(({ array }) => array),
          fn,
          fn,
        );
        for (const [i, { path, shape }] of group.entries()) {
          const result = results[i];
          if (result === undefined) throw new Error(`internal: ${name} lost "${path}"`);
          done[path] = result.reshape(shape);
        }
      }
      return [unflattenLike(updates, done), state];
    },
    estimate: stepsByGradients,
  };
}

interface Matrix extends Stackable {
  /** Before it became a matrix. */
  readonly shape: number[];
}
