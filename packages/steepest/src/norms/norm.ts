import type { numpy as np } from "@jax-js/jax";

/**
 * A norm on arrays of one shape, with what optimizers need from it.
 *
 *   value(x) = ‖x‖                           scalar
 *   dual(g)  = ‖g‖_* = max { ⟨g, x⟩ : ‖x‖ ≤ 1 }   scalar
 *   lmo(g)   ∈ argmin { ⟨g, x⟩ : ‖x‖ ≤ 1 }        so ⟨g, lmo(g)⟩ = −‖g‖_*, and lmo(0) = 0
 *   sharp(g) = −dual(g) · lmo(g)                 so ⟨g, sharp(g)⟩ = ‖g‖_*²
 *
 * Every method consumes its array, is pure and can be traced. Weights are `[dOut, dIn]`, embeddings `[vocab, width]`, convolutions
 * `[dOut, dIn, kh, kw]`. Source of the conventions: Pethick et al. 2025, arXiv:2502.07529.
 */
export interface Norm {
  readonly name: string;
  value(x: np.Array): np.Array;
  dual(g: np.Array): np.Array;
  lmo(g: np.Array): np.Array;
  sharp(g: np.Array): np.Array;
  /**
   * lmo of each array of a stack [k, ...shape] of rank 3 or more. Norms have it where a stack costs less than its arrays
   * one by one: where lmo is many small operations.
   */
  lmoStack?(stack: np.Array): np.Array;
  /**
   * Where weights of this geometry start: a random point with ‖x‖ = 1. `biasRms`, `biasSign` and `spectralConv` start
   * elsewhere unless told otherwise; their docs say where. Consumes the key.
   */
  init(key: np.Array, shape: readonly number[]): np.Array;
}
