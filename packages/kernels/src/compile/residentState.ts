import { tree } from "@jax-js/jax";
import { KernelMemory } from "../run/kernelMemory.ts";
import { type BoundStage, KernelRunner } from "../run/kernelRunner.ts";
import { type CompiledFunction, compileFunction, type Tree } from "./compileFunction.ts";
import { type FuseOptions, typesOf } from "./fuse.ts";
import { expectThreads, FuseError } from "./fuseError.ts";
import { type ArrayType, type Place, placeOf, readArray, writeArray } from "./place.ts";

/** A step: from the state and inputs to the next state and what is wanted of it, a loss for example. */
export type Step<S extends Tree, I extends Tree[], R extends Tree> = (state: S, ...inputs: I) => [S, R];

/** A state in the memory of the loops. */
export interface ResidentState<S extends Tree> {
  /**
   * Makes a step: the state is replaced and the result returned. A function is compiled when it is first seen, and again for inputs
   * of other shapes or dtypes: pass the same function, not a new one each time. Uses up the inputs. Steps run one after the other.
   *
   * @throws {FuseError} (rejects; the state stays as it was) naming an equation that cannot become loops, or where the next state is
   * of another form.
   */
  run<I extends Tree[], R extends Tree>(step: Step<S, I, R>, ...inputs: I): Promise<R>;
  /** A copy of the state as it is after the steps that were asked for. */
  read(): Promise<S>;
  /** What a step becomes for inputs, which are not used up. */
  explain<I extends Tree[], R extends Tree>(step: Step<S, I, R>, ...inputs: I): string;
  /** Ends the helper threads. */
  dispose(): void;
}

/** A leaf of the state: where it is, and where it goes in steps that cannot write it in its place. */
interface Leaf extends ArrayType {
  readonly homes: [Place, Place | undefined];
  now: 0 | 1;
}

interface Compiled extends CompiledFunction {
  /** Whether a step may write leaf i over itself. */
  readonly inPlace: readonly boolean[];
  readonly given: readonly Place[];
  readonly made: readonly Place[];
  /** Intermediate results, in the order in which they are asked for. */
  readonly scratch: number[];
  /** By the homes that the leaves are in. */
  readonly stages: Map<string, readonly BoundStage[]>;
}

/**
 * Puts a state, parameters and what an optimizer keeps for example, into the memory of the loops, where steps find and
 * leave it: nothing is copied between steps, and what can be is written in its place. Uses up `state`.
 *
 * @example
 * const training = residentState({ params, momentum }, { threads: 2 });
 * for (const batch of batches) {
 *   const loss = await training.run(step, batch); // step(state, batch) => [state, loss]
 *   console.log(loss.item());
 * }
 * const { params: trained } = await training.read();
 */
export function residentState<S extends Tree>(state: S, { threads = 1 }: FuseOptions = {}): ResidentState<S> {
  const memory = new KernelMemory();
  const runner = new KernelRunner(memory, expectThreads(threads));
  const [arrays, structure] = tree.flatten(state as Tree);
  const leaves = arrays.map((array): Leaf => {
    const place = placeOf(memory, array);
    return { ...place, homes: [place, undefined], now: 0 };
  });
  for (const array of arrays)
    if (array.dtype === "bool") throw new FuseError("a bool is kept: cast it to int32");
  for (const [i, { homes }] of leaves.entries()) {
    const array = arrays[i];
    if (array !== undefined) writeArray(memory, homes[0], array);
  }
  const compiled = new Map<unknown, Map<string, Compiled>>();
  let last: Promise<unknown> = Promise.resolve();

  const read = (): S =>
    tree.unflatten(
      structure,
      leaves.map((leaf) => readArray(memory, homeOf(leaf))),
    ) as S;

  const compile = (step: (...values: Tree[]) => Tree, inputs: Tree[]): Compiled => {
    const now = read();
    const found = compileFunction(step, [now as Tree, ...inputs]);
    for (const array of tree.leaves(now as Tree)) array.dispose();
    expectSameState(found, structure, leaves);
    return {
      ...found,
      inPlace: leaves.map((_, i) => found.program.overwrites(i, i)),
      given: found.inputs.slice(leaves.length).map((type) => placeOf(memory, type)),
      made: found.outputs.slice(leaves.length).map((type) => placeOf(memory, type)),
      scratch: [],
      stages: new Map(),
    };
  };
  const compiledFor = (step: unknown, inputs: Tree[]): Compiled => {
    const byTypes = compiled.get(step) ?? new Map<string, Compiled>();
    compiled.set(step, byTypes);
    const key = typesOf(inputs);
    const found = byTypes.get(key) ?? compile(step as (...values: Tree[]) => Tree, inputs);
    byTypes.set(key, found);
    return found;
  };
  /** The stages that lead from the present homes of the leaves to the next ones. */
  const stagesOf = ({ program, inPlace, given, made, scratch, stages }: Compiled): readonly BoundStage[] => {
    const key = leaves.map(({ now }) => now).join("");
    const known = stages.get(key);
    if (known !== undefined) return known;
    const next = leaves.map((leaf, i) => (inPlace[i] ? homeOf(leaf) : otherHome(memory, leaf)));
    const addresses = (places: readonly Place[]): number[] => places.map(({ address }) => address);
    const reused = scratch.values();
    const bound = program.bind(
      memory,
      [...addresses(leaves.map(homeOf)), ...addresses(given)],
      [...addresses(next), ...addresses(made)],
      (bytes) => reused.next().value ?? added(scratch, memory.allocate(bytes)),
    );
    stages.set(key, bound);
    return bound;
  };
  const inTurn = <T>(work: () => Promise<T> | T): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
  return {
    run<I extends Tree[], R extends Tree>(step: Step<S, I, R>, ...inputs: I): Promise<R> {
      return inTurn(async () => {
        const values = tree.leaves(inputs as Tree);
        let entry: Compiled;
        try {
          entry = compiledFor(step, inputs);
        } catch (error) {
          for (const value of values) value.dispose();
          throw error;
        }
        for (const [i, place] of entry.given.entries()) {
          const value = values[i];
          if (value !== undefined) writeArray(memory, place, value);
        }
        await runner.run(stagesOf(entry));
        for (const [i, leaf] of leaves.entries()) if (!entry.inPlace[i]) leaf.now = leaf.now === 0 ? 1 : 0;
        const made = entry.made.map((place) => readArray(memory, place));
        return tree.unflatten(entry.structure.childTreedefs[1] ?? structure, made) as R;
      });
    },
    read: () => inTurn(read),
    explain: (step, ...inputs) => compiledFor(step, inputs).program.explain(),
    dispose: () => runner.dispose(),
  };
}

function homeOf({ homes: [first, second], now }: Leaf): Place {
  return now === 1 && second !== undefined ? second : first;
}

/** Where a leaf goes that cannot be written in its place. */
function otherHome(memory: KernelMemory, leaf: Leaf): Place {
  if (leaf.now === 1) return leaf.homes[0];
  leaf.homes[1] ??= placeOf(memory, leaf);
  return leaf.homes[1];
}

function added(list: number[], address: number): number {
  list.push(address);
  return address;
}

/** Throws where a step's result is not the next state, of the same form, and something else. */
function expectSameState(
  { structure, outputs }: CompiledFunction,
  state: tree.JsTreeDef,
  leaves: readonly Leaf[],
): void {
  const [next, result] = structure.childTreedefs;
  if (next === undefined || result === undefined || structure.childTreedefs.length !== 2)
    throw new FuseError("a step must return a list of the next state and a result");
  if (!next.equals(state))
    throw new FuseError(`the next state has another structure: ${next} instead of ${state}`);
  const textOf = ({ dtype, shape }: ArrayType): string => `${dtype}[${shape}]`;
  for (const [i, leaf] of leaves.entries()) {
    const now = outputs[i];
    if (now !== undefined && textOf(now) === textOf(leaf)) continue;
    throw new FuseError(
      `leaf ${i} of the next state is ${now && textOf(now)}, not ${textOf(leaf)} as before`,
    );
  }
}
