import type { numpy as np } from "@jax-js/jax";
import { StateError } from "./stateError.ts";

/** What a saved tree has at its ends: arrays, and numbers such as a step count. */
export type StateLeaf = np.Array | number;

/**
 * The leaves of a nested object or list by path, `state.adamw.0.count`; what is undefined is left out. Borrows. Throws
 * `StateError` for anything else that is neither array nor number, and for two leaves of one path.
 */
export function stateLeaves(tree: object): Map<string, StateLeaf> {
  const found = new Map<string, StateLeaf>();
  const visit = (node: unknown, path: string): void => {
    if (node === undefined) return;
    if (typeof node === "number" || isArray(node)) {
      if (found.has(path))
        throw new StateError(`two entries have the path "${path}": a key must not contain "."`);
      found.set(path, node);
    } else {
      expectBranch(node, path);
      for (const [key, child] of Object.entries(node)) visit(child, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(tree, "");
  return found;
}

/** A tree of the structure of `like` with other leaves. Borrows both. */
export function withLeaves<T extends object>(like: T, leaves: ReadonlyMap<string, StateLeaf>): T {
  const build = (node: unknown, path: string): unknown => {
    if (node === undefined) return undefined;
    if (typeof node === "number" || isArray(node)) return leaves.get(path);
    const at = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
    if (Array.isArray(node)) return node.map((child, i) => build(child, at(i)));
    const entries = Object.entries(node as object);
    return Object.fromEntries(entries.map(([key, child]) => [key, build(child, at(key))]));
  };
  return build(like, "") as T;
}

export const isArray = (node: unknown): node is np.Array =>
  typeof (node as { dispose?: unknown } | null | undefined)?.dispose === "function";

function expectBranch(node: unknown, path: string): asserts node is object {
  if (typeof node === "object" && node !== null && !ArrayBuffer.isView(node)) return;
  const what = ArrayBuffer.isView(node) ? `a ${node.constructor.name}` : node === null ? "null" : typeof node;
  throw new StateError(
    `"${path}" is ${what}; a state is made of jax-js arrays and numbers in objects and lists, so ` +
      (ArrayBuffer.isView(node) ? "wrap it by np.array" : "keep this elsewhere"),
  );
}
