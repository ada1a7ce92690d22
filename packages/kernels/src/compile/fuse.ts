import "./polyfill.ts";
import { type Array as JaxArray, makeJaxpr, numpy as np, tree } from "@jax-js/jax";
import type { Fragment } from "../fuse/jaxpr.ts";
import { refusal } from "../fuse/support.ts";
import { sizeOf } from "../nest/nest.ts";
import { KernelMemory } from "../run/kernelMemory.ts";
import { KernelProgram } from "../run/kernelProgram.ts";
import { type BoundStage, KernelRunner } from "../run/kernelRunner.ts";

type Tree = tree.JsTree<JaxArray>;

/** A function holds an equation that cannot become loops. */
export class FuseError extends Error {
  override readonly name = "FuseError";
}

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

/** An array in the memory of the loops. */
interface Place {
  readonly address: number;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/**
 * Compiles a function of float32, int32 and uint32 arrays whose equations are elementwise operations, movements and
 * reductions into WebAssembly loops. It is traced at the first call and again for other shapes or dtypes; like every
 * function of jax-js it uses up its arguments. Calls run one after the other.
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
  if (!Number.isInteger(threads) || threads < 1)
    throw new FuseError(`threads must be a whole number of at least 1, got ${threads}`);
  const memory = new KernelMemory();
  const runner = new KernelRunner(memory, threads);
  const entries = new Map<string, Entry>();
  let last: Promise<unknown> = Promise.resolve();
  const entryFor = (values: A): Entry => {
    const [leaves, structure] = tree.flatten(values as Tree);
    const key = `${structure} ${leaves.map(({ shape, dtype, weakType }) => `${dtype}[${shape}]${weakType}`)}`;
    const found = entries.get(key) ?? compileEntry(fn, values, memory);
    entries.set(key, found);
    for (const leaf of leaves) leaf.dispose();
    return found;
  };
  const call = async (...values: A): Promise<R> => {
    const entry = entryFor(tree.ref(values as Tree) as A);
    const leaves = tree.leaves(values as Tree);
    const run = async (): Promise<R> => {
      for (const [i, place] of entry.inputs.entries()) {
        const data = leaves[i]?.dataSync();
        if (data !== undefined) viewOf(memory, place).set(data as Float32Array);
      }
      await runner.run(entry.stages);
      const results = entry.outputs.map((place) => toArray(viewOf(memory, place).slice(), place));
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

function compileEntry<A extends Tree[]>(fn: (...values: A) => Tree, values: A, memory: KernelMemory): Entry {
  const traced = (makeJaxpr as (f: unknown) => (...v: unknown[]) => ReturnType<ReturnType<typeof makeJaxpr>>)(
    fn,
  )(...(values as unknown[]));
  const jaxpr = traced.jaxpr.jaxpr.flatten().simplify();
  const consts = traced.jaxpr.consts as JaxArray[];
  const inputs = jaxpr.inBinders.slice(consts.length);
  for (const { aval } of [...inputs, ...jaxpr.outs])
    if (aval.dtype === "bool") throw new FuseError("a bool comes in or goes out: cast it to int32");
  for (const equation of jaxpr.eqns) {
    const reason = refusal(equation);
    if (reason !== undefined) throw new FuseError(`${reason}, in ${String(equation).replace(/\s+/g, " ")}`);
  }
  const constants: Fragment["constants"] = new Map(
    consts.flatMap((array, i) => {
      const binder = jaxpr.inBinders[i];
      return binder === undefined ? [] : [[binder, array.dataSync()] as const];
    }),
  );
  const program = new KernelProgram({ equations: jaxpr.eqns, inputs, outputs: jaxpr.outs, constants });
  const place = ({ aval: { shape, dtype } }: (typeof jaxpr.outs)[number]): Place => ({
    address: memory.allocate(4 * sizeOf(shape)),
    shape,
    dtype,
  });
  const [given, made] = [inputs.map(place), jaxpr.outs.map(place)];
  const addresses = (places: readonly Place[]): number[] => places.map(({ address }) => address);
  const stages = program.bind(memory, addresses(given), addresses(made));
  return { program, stages, inputs: given, outputs: made, structure: traced.treedef };
}

function viewOf(
  memory: KernelMemory,
  { address, shape, dtype }: Place,
): Float32Array | Int32Array | Uint32Array {
  const size = sizeOf(shape);
  if (dtype === "int32") return new Int32Array(memory.buffer, address, size);
  if (dtype === "uint32") return new Uint32Array(memory.buffer, address, size);
  return new Float32Array(memory.buffer, address, size);
}

function toArray(data: Float32Array | Int32Array | Uint32Array, { shape, dtype }: Place): JaxArray {
  const options = { shape: [...shape], dtype: dtype as np.DType };
  if (data.length === 0) return np.zeros(options.shape, { dtype: options.dtype });
  return np.array(data as Float32Array<ArrayBuffer>, options);
}
