import { lax, type numpy as np } from "@jax-js/jax";

/** Sees every linear layer on its way: borrows x and W, owns y and returns what takes its place. */
export type LinearWatcher = (x: np.Array, weight: np.Array, y: np.Array) => np.Array;

let watcher: LinearWatcher | undefined;

/** x Wᵀ, plus a bias [dOut] if there is one: x [n, dIn] and W [dOut, dIn] give [n, dOut]. */
export function linear(x: np.Array, weight: np.Array, bias?: np.Array): np.Array {
  const contraction = { lhsContractingDims: [-1], rhsContractingDims: [-1] };
  if (watcher === undefined) {
    const y = lax.dot(x, weight, contraction);
    return bias === undefined ? y : y.add(bias);
  }
  const y = watcher(x, weight, lax.dot(x.ref, weight.ref, contraction));
  x.dispose();
  weight.dispose();
  return bias === undefined ? y : y.add(bias);
}

/**
 * Runs a forward pass with a watcher at all its linear layers, whose outputs before the bias it sees and may replace. Passes may
 * not be nested. Convolutions are no linear layers here.
 */
export function watchLinear<T>(watch: LinearWatcher, run: () => T): T {
  if (watcher !== undefined) throw new Error("internal: linear layers are being watched already");
  watcher = watch;
  try {
    return run();
  } finally {
    watcher = undefined;
  }
}
