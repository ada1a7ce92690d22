import "../arrays/polyfill.ts";
import { type Array as JaxArray, type Jaxpr, makeJaxpr, tree } from "@jax-js/jax";
import { type Leaf, type LeafSpec, leafSpec, leavesWithPaths, Spec } from "../arrays/argumentTree.ts";
import { ArgumentError, NotTraceableError } from "../arrays/errors.ts";

/** A function as equations: what `lower` works on. */
export interface Traced {
  readonly jaxpr: Jaxpr;
  /** Arrays that the function closed over; the first inputs of the jaxpr. The trace owns them. */
  readonly constants: readonly JaxArray[];
  readonly inputs: readonly LeafSpec[];
  readonly outputs: readonly LeafSpec[];
  readonly outputTree: tree.JsTreeDef;
}

// biome-ignore lint/suspicious/noExplicitAny: any function of arrays can be traced, as in jax-js's own `jit`
export type AnyFunction = (...values: any[]) => unknown;

/**
 * Runs `fn` once on placeholders and records its equations; nested `jit`s are flattened. `example`: the
 * arguments, or placeholders for them; they are not used up.
 *
 * Throws `NotTraceableError` if `fn` asks for the value of an array.
 */
export function trace(fn: AnyFunction, example: readonly unknown[]): Traced {
  const leaves = leavesWithPaths([...example]);
  const inputs = leaves.map(([path, leaf]) => leafSpec(path, leaf));
  const structure = tree.structure(example as tree.JsTree<Leaf>);
  const specs = inputs.map((input) => new Spec(input.shape, input.dtype, input.weakType));
  const placeholders = tree.unflatten(structure, specs) as unknown[];
  let result: ReturnType<ReturnType<typeof makeJaxpr>>;
  try {
    result = (makeJaxpr as (f: AnyFunction) => (...values: unknown[]) => typeof result)(fn)(...placeholders);
  } catch (cause) {
    throw explain(cause);
  }
  const jaxpr = result.jaxpr.jaxpr.flatten().simplify();
  const indices = jaxpr.outs.map((_, i) => i);
  const outputTree = tree.unflatten(result.treedef, indices);
  const outputs = pathsOf(outputTree).map(({ path, index }) => {
    const aval = jaxpr.outs[index]?.aval;
    if (aval === undefined) throw new Error("internal: output without type");
    return leafSpec(path, new Spec(aval.shape, aval.dtype, aval.weakType));
  });
  const constants = result.jaxpr.consts as JaxArray[];
  return { jaxpr, constants, inputs, outputs, outputTree: result.treedef };
}

function pathsOf(node: tree.JsTree<number>): { path: string; index: number }[] {
  return leavesWithPaths(node).map(([path, leaf]) => ({ path, index: Number(leaf) }));
}

function explain(cause: unknown): Error {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/\.ref move semantics/.test(text)) return cause as Error;
  if (/is not a function|toPrimitive|Cannot convert|non-scalar|concrete/i.test(text))
    return new NotTraceableError(
      `the function asks for the value of an array while it is traced: ${text}\n` +
        "  remedy: decide with np.where instead of if, keep shapes independent of data, and read values " +
        "(item, js, dataSync) outside the compiled function",
      { cause },
    );
  if (cause instanceof ArgumentError || cause instanceof Error) return cause;
  return new NotTraceableError(text, { cause });
}
