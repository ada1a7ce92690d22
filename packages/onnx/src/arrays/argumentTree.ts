import type { Array as JaxArray, tree } from "@jax-js/jax";
import { asDtype, type Dtype } from "./dtype.ts";
import { ArgumentError } from "./errors.ts";

/** Arrays and numbers in nested objects and lists. */
export type ArgumentTree = tree.JsTree<JaxArray | number | boolean>;

/** Shape and dtype of a leaf, and its path in the argument list: `0.blocks.1.w`. */
export interface LeafSpec {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  /** jax-js numbers take on the dtype of what they meet. */
  readonly weakType: boolean;
}

/**
 * A placeholder for an array: `spec([64, 784])`. Wherever only shapes matter, such as tracing a batch, it
 * stands for one. Its class makes it a leaf for jax-js.
 */
export class Spec {
  readonly shape: number[];
  readonly dtype: Dtype;
  readonly weakType: boolean;
  constructor(shape: readonly number[], dtype: Dtype = "float32", weakType = false) {
    this.shape = [...shape];
    this.dtype = dtype;
    this.weakType = weakType;
  }
}

/** A placeholder with sizes that are left open: -1 in its shape, and a name for each. */
export class OpenSpec extends Spec {
  readonly symbols: readonly (string | null)[];
  constructor(shape: readonly (number | string)[], dtype?: Dtype) {
    super(
      shape.map((n) => (typeof n === "string" ? -1 : n)),
      dtype,
    );
    this.symbols = shape.map((n) => (typeof n === "string" ? n : null));
  }
}

/**
 * A float32 placeholder unless told otherwise. A name instead of a number leaves a size open, which `exportOnnx` takes:
 * `spec(["batch", 784])`.
 *
 * @throws {ArgumentError} for a size that is neither a whole number of at least 0 nor a name.
 */
export function spec(shape: readonly (number | string)[], dtype?: Dtype): Spec {
  const sizes = shape.filter((n) => typeof n === "number");
  const wrong = shape.find((n) =>
    typeof n === "string" ? !/^[A-Za-z_]\w*$/.test(n) : !Number.isSafeInteger(n) || n < 0,
  );
  if (wrong !== undefined)
    throw new ArgumentError(
      `spec([${shape.join(", ")}]): ${JSON.stringify(wrong)} is no size: use a whole number of at least 0, or for ` +
        'exportOnnx a name such as "batch" for a size that is left open',
    );
  return sizes.length < shape.length ? new OpenSpec(shape, dtype) : new Spec(sizes, dtype);
}

export type Leaf = JaxArray | Spec | number | boolean;

/** The leaves of a tree with their paths, in the order of jax-js's own `tree.flatten`. Borrows. */
export function leavesWithPaths(node: unknown, path = ""): [path: string, leaf: Leaf][] {
  const below = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
  if (Array.isArray(node)) return node.flatMap((child, i) => leavesWithPaths(child, below(i)));
  if (typeof node === "object" && node !== null && node.constructor === Object)
    return Object.entries(node).flatMap(([key, child]) => leavesWithPaths(child, below(key)));
  if (typeof node === "number" || typeof node === "boolean" || node instanceof Spec || isArray(node))
    return [[path, node]];
  if (typeof node === "object" && node !== null && "aval" in node)
    throw new ArgumentError(
      `argument ${path || "?"} is being traced: a compiled function cannot be called inside grad, jit or vmap; ` +
        "compile the outermost function instead",
    );
  throw new ArgumentError(
    `argument ${path || "?"} is ${node === null ? "null" : typeof node}: expected a jax-js array, a number, ` +
      "or objects and lists of these",
  );
}

/** What a leaf is, without using it up. Throws `ArgumentError` for an array that was consumed before. */
export function leafSpec(path: string, leaf: Leaf): LeafSpec {
  if (typeof leaf === "number") return { path, shape: [], dtype: "float32", weakType: true };
  if (typeof leaf === "boolean") return { path, shape: [], dtype: "bool", weakType: false };
  if (isArray(leaf) && leaf.refCount <= 0)
    throw new ArgumentError(
      `argument ${path} (${leaf.toString()}) was already consumed: pass \`x.ref\` where it is used before`,
    );
  const open = leaf instanceof OpenSpec ? leaf.symbols.find((name) => name !== null) : undefined;
  if (open !== undefined)
    throw new ArgumentError(
      `argument ${path} leaves its size "${open}" open, which only exportOnnx takes: use a number`,
    );
  return { path, shape: [...leaf.shape], dtype: asDtype(leaf.dtype), weakType: leaf.weakType };
}

/** True for a jax-js array that holds data (not one that is being traced). */
export function isArray(value: unknown): value is JaxArray {
  return (
    typeof value === "object" && value !== null && "refCount" in value && typeof value.refCount === "number"
  );
}

/** `float32[2,3]`, as jax-js writes it. */
export function describeSpec({ dtype, shape }: Pick<LeafSpec, "dtype" | "shape">): string {
  return `${dtype}[${shape}]`;
}
