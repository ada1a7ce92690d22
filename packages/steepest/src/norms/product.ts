import { numpy as np, random } from "@jax-js/jax";
import { didYouMean } from "../core/nearestName.ts";
import type { Parameter } from "../core/parameters/parameter.ts";
import { type Arrays, namedLeaves, type Tree, unflattenLike } from "../core/tree.ts";
import { lmoOfLeaves } from "./lmoOfLeaves.ts";
import type { Norm } from "./norm.ts";

/** A norm on a tree of parameters. Every method consumes its tree; what it returns has the tree's structure. */
export interface TreeNorm {
  readonly name: string;
  /** ‖x‖, a scalar. */
  value(x: Tree): np.Array;
  /** ‖g‖_* = max { ⟨g, x⟩ : ‖x‖ ≤ 1 }, a scalar over all leaves. */
  dual(g: Tree): np.Array;
  /** A minimiser of ⟨g, x⟩ over ‖x‖ ≤ 1. */
  lmo<T extends Tree>(g: T): T;
  /** −dual(g) · lmo(g). */
  sharp<T extends Tree>(g: T): T;
  /** A random point per parameter, by path; ‖x‖ = 1 if every leaf's norm starts on its sphere. Consumes the key. */
  init(key: np.Array): Arrays;
}

/** The norm a parameter gets, and the radius of its ball. */
export interface LayerNorm {
  readonly norm: Norm;
  /** Positive, finite. */
  readonly radius: number;
}

/** How the layers' norms are put together. */
export type ProductKind = "max" | "l2";

/**
 * The norm of a whole network from the norms of its layers, nₗ = ‖Wₗ‖ₗ / rₗ with duals dₗ = rₗ‖Gₗ‖ₗ,*.
 *
 *   "max" (default)  value = max nₗ       dual = Σ dₗ         lmoₗ = rₗ·lmoₗ(Gₗ)                sharpₗ = dual · −lmoₗ
 *   "l2"             value = √Σnₗ²        dual = √Σdₗ²        lmoₗ = dₗ/dual · rₗ·lmoₗ(Gₗ)      sharpₗ = dₗ · rₗ·−lmoₗ(Gₗ)
 *
 * Under "max" the layers do not see each other in lmo; in dual and sharp they do, through one number. Under "l2"
 * Frobenius norms of radius 1 make the Euclidean norm of all weights as one vector.
 *
 * `parameters` (see `listParameters`) says what there is; a tree with other paths or shapes is an error naming them.
 * Source: Large et al. 2024, arXiv:2405.14813 (max, the modular norm); Pethick et al. 2025, arXiv:2506.01913, with the
 * radius where the definition puts it.
 */
export function productNorm(
  parameters: readonly Parameter[],
  assign: (parameter: Parameter) => LayerNorm,
  kind: ProductKind = "max",
): TreeNorm {
  if (kind !== "max" && kind !== "l2")
    throw new Error(`product norm: unknown kind "${String(kind)}"; the kinds are "max" and "l2"`);
  if (parameters.length === 0)
    throw new Error("product norm: there are no parameters; pass listParameters(params)");
  const layers = new Map(
    parameters.map((parameter) => [parameter.path, layerOf(parameter, assign(parameter))]),
  );
  const combine = kind === "max" ? maxProduct : euclideanProduct;
  const leavesOf = (method: string, tree: Tree): Leaf[] => {
    const leaves = namedLeaves(tree).map(([path, array]): Leaf => {
      const layer = layers.get(path);
      if (layer === undefined)
        throw new Error(
          `product norm, ${method}: "${path}" is not among the parameters it was made for` +
            didYouMean(path, [...layers.keys()]),
        );
      if (array.shape.join() !== layer.shape.join())
        throw new Error(
          `product norm, ${method}: "${path}" has shape [${array.shape}], expected [${layer.shape}]`,
        );
      return { path, array, layer };
    });
    const missing = [...layers.keys()].filter((path) => !leaves.some((leaf) => leaf.path === path));
    if (missing.length > 0)
      throw new Error(`product norm, ${method}: the tree lacks "${missing.join('", "')}"`);
    return leaves;
  };
  const duals = (leaves: readonly Leaf[]): np.Array[] =>
    leaves.map(({ array, layer }) => layer.norm.dual(array.ref).mul(layer.radius));
  const directions = (leaves: readonly Leaf[]): np.Array[] =>
    lmoOfLeaves(leaves.map(({ path, array, layer: { norm } }) => ({ path, array, norm }))).map((step, i) =>
      step.mul(leaves[i]?.layer.radius ?? 1),
    );
  const rebuild = <T extends Tree>(like: T, leaves: readonly Leaf[], arrays: readonly np.Array[]): T =>
    unflattenLike(like, byPath(leaves, arrays));
  return {
    name: `product(${kind})`,
    value: (x) =>
      combine.value(
        leavesOf("value", x).map(({ array, layer }) => layer.norm.value(array).div(layer.radius)),
      ),
    dual(g) {
      const leaves = leavesOf("dual", g);
      const combined = combine.dual(duals(leaves));
      for (const { array } of leaves) array.dispose();
      return combined;
    },
    lmo(g) {
      const leaves = leavesOf("lmo", g);
      const weights = combine.lmoWeights(() => duals(leaves));
      const steps = directions(leaves).map((step, i) => weighted(step, weights?.[i]));
      return rebuild(g, leaves, steps);
    },
    sharp(g) {
      const leaves = leavesOf("sharp", g);
      const weights = combine.sharpWeights(duals(leaves));
      const steps = directions(leaves).map((step, i) => weighted(step, weights[i]).mul(-1));
      return rebuild(g, leaves, steps);
    },
    init(key) {
      const keys = random.split(key, layers.size);
      const share = kind === "max" ? 1 : 1 / Math.sqrt(layers.size);
      const arrays = [...layers].map(([path, { norm, radius, shape }], i): [string, np.Array] => [
        path,
        norm.init(keys.ref.slice(i), shape).mul(radius * share),
      ]);
      keys.dispose();
      return Object.fromEntries(arrays);
    },
  };
}

interface Layer extends LayerNorm {
  readonly shape: readonly number[];
}

interface Leaf {
  readonly path: string;
  readonly array: np.Array;
  readonly layer: Layer;
}

/** What differs between the products. Each method consumes the scalars it is given. */
interface Product {
  value(values: np.Array[]): np.Array;
  dual(duals: np.Array[]): np.Array;
  /** What each layer's lmo is multiplied with; undefined for 1. The duals are computed only if called for. */
  lmoWeights(duals: () => np.Array[]): np.Array[] | undefined;
  /** What each layer's −lmo is multiplied with. */
  sharpWeights(duals: np.Array[]): np.Array[];
}

const maxProduct: Product = {
  value: (values) => np.max(np.stack(values)),
  dual: (duals) => np.sum(np.stack(duals)),
  lmoWeights: () => undefined,
  sharpWeights(duals) {
    const count = duals.length;
    const total = np.sum(np.stack(duals));
    const weights = Array.from({ length: count }, () => total.ref);
    total.dispose();
    return weights;
  },
};

const euclideanProduct: Product = {
  value: euclideanLength,
  dual: euclideanLength,
  lmoWeights(compute) {
    const duals = compute();
    const total = euclideanLength(duals.map((dual) => dual.ref));
    const safe = np.where(total.ref.greater(0), total, 1);
    const weights = duals.map((dual) => dual.div(safe.ref));
    safe.dispose();
    return weights;
  },
  sharpWeights: (duals) => duals,
};

/** √Σxᵢ² of scalars of any size. Consumes them. */
function euclideanLength(scalars: np.Array[]): np.Array {
  const all = np.stack(scalars);
  const largest = np.max(all.ref);
  const safe = np.where(largest.ref.greater(0), largest, 1);
  return np.sqrt(np.sum(np.square(all.div(safe.ref)))).mul(safe);
}

function weighted(step: np.Array, weight: np.Array | undefined): np.Array {
  return weight === undefined ? step : step.mul(weight);
}

function byPath(leaves: readonly Leaf[], arrays: readonly np.Array[]): Arrays {
  const pairs = leaves.map(({ path }, i): [string, np.Array] => {
    const array = arrays[i];
    if (array === undefined) throw new Error(`internal: no result for "${path}"`);
    return [path, array];
  });
  return Object.fromEntries(pairs);
}

function layerOf({ path, shape }: Parameter, { norm, radius }: LayerNorm): Layer {
  if (!(radius > 0 && Number.isFinite(radius)))
    throw new RangeError(`product norm: radius of "${path}" must be positive and finite, got ${radius}`);
  return { norm, radius, shape };
}
