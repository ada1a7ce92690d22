import { numpy as np } from "@jax-js/jax";
import { stepsByGradients } from "../../core/estimate.ts";
import type { StatelessTransform } from "../../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../../core/tree.ts";
import { spectralPower } from "../../matrix/inverseRoot.ts";
import { inRange } from "../../transforms/limitRange.ts";

/**
 * (F + γI)⁻¹ g with the exact empirical Fisher matrix F = JᵀJ/N of all parameters together, J [N, P] the gradients of the N examples in
 * `context.exampleGradients`. The reference the other methods approximate, for small models: with K = JJᵀ/N, N × N,
 *
 *   (F + γI)⁻¹ g = (g − Jᵀ (K + γI)⁻¹ J g/N) / γ,   and P × P directly where P ≤ N
 *
 * Cost: an eigendecomposition of the smaller of N and P. Source: Amari 1998.
 */
export function naturalGradient(damping: number): StatelessTransform {
  return {
    init(params) {
      disposeTree(params);
      return {};
    },
    update(updates, state, params, context) {
      disposeTree(params);
      if (context?.exampleGradients === undefined)
        throw new Error(
          "ngd needs the gradient of every example, a leading axis more than the weights: pass { phase, exampleGradients } to update",
        );
      const examples = Object.fromEntries(namedLeaves(context.exampleGradients));
      const leaves = namedLeaves(updates);
      const shapes = leaves.map(([, { shape, size }]) => ({ shape, size }));
      const rows = leaves.map(([path]) => {
        const own = examples[path];
        if (own === undefined) throw new Error(`ngd: context.exampleGradients has no "${path}"`);
        return inRange(own.ref).reshape([own.shape[0] ?? 1, -1]);
      });
      const j = np.concatenate(rows, 1);
      const g = np
        .concatenate(
          leaves.map(([, leaf]) => leaf.reshape([-1])),
          0,
        )
        .reshape([-1, 1]);
      const step = solve(j, g, damping);
      const done: Arrays = {};
      let from = 0;
      for (const [i, [path]] of leaves.entries()) {
        const { shape, size } = shapes[i] ?? { shape: [], size: 1 };
        done[path] = step.ref.slice([from, from + size], 0).reshape(shape);
        from += size;
      }
      step.dispose();
      return [unflattenLike(updates, done), state];
    },
    estimate: stepsByGradients,
  };
}

/** (JᵀJ/N + γI)⁻¹ g, [P, 1]. Consumes both. */
function solve(j: np.Array, g: np.Array, damping: number): np.Array {
  const [n = 1, p = 1] = j.shape;
  const transposed = np.matrixTranspose(j.ref);
  if (p <= n) {
    const fisher = np.matmul(transposed, j).div(n);
    return np.matmul(spectralPower("ngd", fisher, -1, damping), g);
  }
  const kernel = np.matmul(j.ref, transposed.ref).div(n);
  const inside = np.matmul(spectralPower("ngd", kernel, -1, damping), np.matmul(j, g.ref)).div(n);
  return g.sub(np.matmul(transposed, inside)).div(damping);
}
