import { tree } from "@jax-js/jax";
import { KernelMemory } from "../run/kernelMemory.ts";
import type { KernelProgram } from "../run/kernelProgram.ts";
import { type BoundStage, KernelRunner } from "../run/kernelRunner.ts";
import { compileFunction, type Tree } from "./compileFunction.ts";
import { expectThreads } from "./fuseError.ts";
import { type Place, placeOf, readArray, writeArray } from "./place.ts";

export interface FuseOptions {
  /** Threads, this one included. Default 1. More need memory that is shared. */
  readonly threads?: number;
}

/** A fused function: the arguments of the original, its result in a promise. */
export interface FusedFunction<A extends Tree[], R extends Tree> {
  (...values: A): Promise<R>;
  /** What the function became for these arguments, which are not used up. */
  explain(...values: A): string;
  /** Ends the helper threads. */
  dispose(): void;
}

interface Entry {
  readonly program: KernelProgram;
  readonly stages: readonly BoundStage[];
  readonly inputs: readonly Place[];
  readonly outputs: readonly Place[];
  readonly structure: tree.JsTreeDef;
}

/**
 * Compiles a function of float32, int32 and uint32 arrays into WebAssembly loops: elementwise operations, movements and
 * reductions, matrix products, padding, concatenation, gathers along one axis and their gradients. It is traced at the first call and
 * again for other shapes or dtypes; like every function of jax-js it uses up its arguments. Calls run one after the other.
 * For a function that is called again with what it returned, such as a training step, `residentState` saves the copies.
 *
 * @throws {FuseError} (rejects) naming an equation that cannot become loops, or a dtype.
 *
 * @example
 * const step = fuse((p: np.Array, g: np.Array) => p.sub(g.mul(0.1)));
 * const next = await step(p, g);
 */
export function fuse<A extends Tree[], R extends Tree>(
  fn: (...values: A) => R,
  { threads = 1 }: FuseOptions = {},
): FusedFunction<A, R> {
  const memory = new KernelMemory();
  const runner = new KernelRunner(memory, expectThreads(threads));
  const entries = new Map<string, Entry>();
  let last: Promise<unknown> = Promise.resolve();
  const entryFor = (values: A): Entry => {
    const key = typesOf(values);
    const found = entries.get(key) ?? compileEntry(fn, values, memory);
    entries.set(key, found);
    for (const leaf of tree.leaves(values as Tree)) leaf.dispose();
    return found;
  };
  const call = async (...values: A): Promise<R> => {
    const entry = entryFor(tree.ref(values as Tree) as A);
    const leaves = tree.leaves(values as Tree);
    const run = async (): Promise<R> => {
      for (const [i, place] of entry.inputs.entries()) {
        const leaf = leaves[i];
        if (leaf !== undefined) writeArray(memory, place, leaf);
      }
      await runner.run(entry.stages);
      const results = entry.outputs.map((place) => readArray(memory, place));
      return tree.unflatten(entry.structure, results) as R;
    };
    const result = last.then(run);
    last = result.catch(() => {});
    return result;
  };
  return Object.assign(call, {
    explain: (...values: A): string => entryFor(tree.ref(values as Tree) as A).program.explain(),
    dispose: () => runner.dispose(),
  });
}

/** Structure, shapes and dtypes of arguments: what a function is compiled for. */
export function typesOf(values: readonly Tree[]): string {
  const [leaves, structure] = tree.flatten(values as Tree);
  return `${structure} ${leaves.map(({ shape, dtype, weakType }) => `${dtype}[${shape}]${weakType}`)}`;
}

function compileEntry<A extends Tree[]>(fn: (...values: A) => Tree, values: A, memory: KernelMemory): Entry {
  const compiled = compileFunction(fn, values);
  const inputs = compiled.inputs.map((type) => placeOf(memory, type));
  const outputs = compiled.outputs.map((type) => placeOf(memory, type));
  const addresses = (places: readonly Place[]): number[] => places.map(({ address }) => address);
  const stages = compiled.program.bind(memory, addresses(inputs), addresses(outputs));
  return { ...compiled, stages, inputs, outputs };
}
