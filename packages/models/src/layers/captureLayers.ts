import { numpy as np, valueAndGrad } from "@jax-js/jax";
import { type Arrays, disposeTree, type LayerCapture, namedLeaves, refTree, type Tree } from "steepest";
import { watchLinear } from "./linear.ts";

/**
 * What the linear layers of some weights saw in a batch: their inputs, and the gradients of the loss with respect to
 * their outputs, by the path of the weight; what K-FAC learns its factors from (Martens & Grosse 2015,
 * arXiv:1503.05671). The output gradients are those of zeros added to the outputs. Costs one value-and-grad; inside
 * a compiled step its products are those of the ordinary gradient and are computed once.
 *
 * `loss` is a model's; consumes parameters and batch, and the arrays returned belong to the caller. Throws for a path
 * whose weight is in no linear layer.
 */
export function captureLayers<P extends Tree, B extends Tree>(
  loss: (params: P, batch: B) => np.Array,
  params: P,
  batch: B,
  paths: readonly string[],
): Record<string, LayerCapture> {
  const outputs = outputShapes(loss, refTree(params), refTree(batch), paths);
  const missing = paths.find((path) => !outputs.has(path));
  if (missing !== undefined) {
    disposeTree(params);
    disposeTree(batch);
    throw new Error(`"${missing}" is the weight of no linear layer, so its inputs cannot be seen`);
  }
  const nudges: Arrays = Object.fromEntries(
    [...outputs].map(([path, shape]) => [path, np.zeros([...shape])]),
  );
  const watched = (zeros: Arrays, weights: P): [np.Array, Arrays] => {
    const inputs: Arrays = {};
    const pathOf = pathsOf(weights, paths);
    const value = watchLinear(
      (x, weight, y) => {
        const path = pathOf.get(weight);
        const zero = path === undefined ? undefined : zeros[path];
        if (path === undefined || zero === undefined) return y;
        inputs[path] = x.ref;
        return y.add(zero);
      },
      () => loss(weights, batch),
    );
    return [value, inputs];
  };
  const [[value, inputs], outputGradients] = (
    valueAndGrad(watched as never, { hasAux: true }) as unknown as (
      zeros: Arrays,
      weights: P,
    ) => [[np.Array, Arrays], Arrays]
  )(nudges, params);
  value.dispose();
  return Object.fromEntries(
    paths.map((path) => {
      const [a, d] = [inputs[path], outputGradients[path]];
      if (a === undefined || d === undefined) throw new Error(`internal: nothing seen of "${path}"`);
      return [path, { inputs: a, outputGradients: d }];
    }),
  );
}

/** The shape of each layer's output, from a pass of its own whose results nobody needs. */
function outputShapes<P extends Tree, B extends Tree>(
  loss: (params: P, batch: B) => np.Array,
  params: P,
  batch: B,
  paths: readonly string[],
): Map<string, readonly number[]> {
  const found = new Map<string, readonly number[]>();
  const pathOf = pathsOf(params, paths);
  const value = watchLinear(
    (_, weight, y) => {
      const path = pathOf.get(weight);
      if (path !== undefined) found.set(path, [...y.shape]);
      return y;
    },
    () => loss(params, batch),
  );
  value.dispose();
  return found;
}

/** The weights whose layers are of interest. Linear layers get the very arrays of the tree. */
function pathsOf(params: Tree, paths: readonly string[]): Map<np.Array, string> {
  const wanted = new Set(paths);
  return new Map(
    namedLeaves(params).flatMap(([path, leaf]) => (wanted.has(path) ? [[leaf, path] as const] : [])),
  );
}
