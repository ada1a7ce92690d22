import { tree } from "@jax-js/jax";
import {
  type ArgumentTree,
  describeSpec,
  isArray,
  type Leaf,
  type LeafSpec,
  leafSpec,
  leavesWithPaths,
} from "./arrays/argumentTree.ts";
import { fromTensor, toTensor } from "./arrays/boundary.ts";
import { allocateTensor, type TensorData } from "./arrays/dtype.ts";
import { ArgumentError } from "./arrays/errors.ts";
import { sizeOf } from "./graph/shape.ts";
import { lower } from "./lower/lower.ts";
import { Executable, slotOf } from "./run/executable.ts";
import { explainProgram } from "./run/explain.ts";
import type { SessionOptions } from "./runtime/session.ts";
import { targetOf } from "./runtime/target.ts";
import { type AnyFunction, trace } from "./trace/trace.ts";

export interface CompileOptions extends SessionOptions {
  /**
   * Positions of arguments whose arrays are given up: their memory goes back to jax-js before the graph
   * runs, which lowers the peak by their size. An array of them that is referenced elsewhere is an error.
   */
  readonly donate?: readonly number[];
}

/** A compiled function: the arguments of `fn`, its result in a promise. */
export interface CompiledFunction<F extends AnyFunction> {
  (...values: Parameters<F>): Promise<Awaited<ReturnType<F>>>;
  /** What the function became for these arguments, which are not used up: operators, cuts, their cost. */
  explain(...values: Parameters<F>): string;
  /** Ends profiling (option `profile`) and returns the files that were written. */
  endProfiling(): string[];
  /** Releases the sessions. */
  dispose(): void;
}

interface Entry {
  readonly executable: Executable;
  readonly outputTree: tree.JsTreeDef;
  readonly outputs: readonly LeafSpec[];
}

/**
 * Compiles a jax-js function for ONNX Runtime. It is called like what `jit(fn)` returns, with trees of arrays
 * and numbers, and gives back a promise of `fn`'s result; the event loop is free while it runs.
 *
 * `fn` is traced at the first call and again for each new structure, shape or dtype of the arguments. Like
 * every jax-js function it uses up the arrays it is given; pass `x.ref` to keep one.
 *
 * @throws {NotTraceableError} (rejects) if `fn` reads values of arrays.
 * @throws {ArgumentError} for a consumed array, or a donated one that is referenced elsewhere.
 * @throws {LoweringError} or {UnsupportedDtypeError} naming the equation.
 *
 * @example
 * const step = compile(valueAndGrad(loss));
 * const [value, gradients] = await step(params, x, y);
 */
export function compile<F extends AnyFunction>(fn: F, options: CompileOptions = {}): CompiledFunction<F> {
  const cache = new Map<string, Entry>();
  const entryFor = (values: readonly unknown[], specs: readonly LeafSpec[]): Entry => {
    const structure = tree.structure(values as ArgumentTree[]).toString();
    const key = `${structure} ${specs.map((s) => `${describeSpec(s)}${s.weakType ? "*" : ""}`)}`;
    let entry = cache.get(key);
    if (entry === undefined) {
      const traced = trace(fn, values);
      const program = lower(traced, targetOf(options.device));
      for (const constant of traced.constants) constant.dispose();
      const executable = new Executable(program, options);
      entry = { executable, outputTree: traced.outputTree, outputs: traced.outputs };
      cache.set(key, entry);
    }
    return entry;
  };
  const describe = (values: readonly unknown[]): { leaves: [string, Leaf][]; specs: LeafSpec[] } => {
    const leaves = leavesWithPaths([...values]);
    return { leaves, specs: leaves.map(([path, leaf]) => leafSpec(path, leaf)) };
  };
  const call = async (...values: unknown[]): Promise<unknown> => {
    const { leaves, specs } = describe(values);
    const { executable, outputTree, outputs } = entryFor(values, specs);
    const { program } = executable;
    checkDonated(leaves, options.donate ?? []);
    const arrays = new Map<number, TensorData>();
    for (const [i, slot] of program.inputs.entries()) {
      const leaf = leaves[i]?.[1];
      if (leaf !== undefined) arrays.set(slot, await toTensor(leaf, slotOf(program, slot).dtype));
    }
    for (const slot of program.outputs) {
      const { dtype, shape } = slotOf(program, slot);
      if (!arrays.has(slot)) arrays.set(slot, allocateTensor(dtype, sizeOf(shape)));
    }
    const bound = executable.bind(arrays);
    try {
      await bound.run();
    } finally {
      bound.dispose();
    }
    const results = program.outputs.map((slot, i) => fromTensor(arrays.get(slot), outputs[i]));
    return tree.unflatten(outputTree, results);
  };
  return Object.assign(call as (...values: Parameters<F>) => Promise<Awaited<ReturnType<F>>>, {
    explain: (...values: Parameters<F>): string => {
      const { specs } = describe(values);
      return explainProgram(entryFor(values, specs).executable.program);
    },
    endProfiling: (): string[] => [...cache.values()].flatMap(({ executable }) => executable.endProfiling()),
    dispose: (): void => {
      for (const { executable } of cache.values()) executable.dispose();
      cache.clear();
    },
  });
}

function checkDonated(leaves: readonly [string, Leaf][], donate: readonly number[]): void {
  for (const [path, leaf] of leaves)
    if (donate.includes(Number.parseInt(path, 10)) && isArray(leaf) && leaf.refCount > 1)
      throw new ArgumentError(
        `argument ${path} (${leaf.toString()}) is donated but referenced ${leaf.refCount - 1} more time(s): ` +
          "dispose the other references, or take its position out of `donate`",
      );
}
