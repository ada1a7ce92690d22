import { type Array as JaxArray, type JsTree, tree } from "@jax-js/jax";
import { isArray, type LeafSpec, leafSpec, leavesWithPaths, Spec } from "./argumentTree.ts";
import { fromTensor, toBoundary } from "./boundary.ts";
import { checksum } from "./checksum.ts";
import { allocateTensor, type TensorData } from "./dtype.ts";
import { ArgumentError } from "./errors.ts";
import { type BoundProgram, Executable } from "./executable.ts";
import { explainProgram } from "./explain.ts";
import { fillBatch } from "./fillBatch.ts";
import { sizeOf } from "./graph/shape.ts";
import { lower } from "./lower.ts";
import type { MapLeaves } from "./mapLeaves.ts";
import type { Program } from "./program.ts";
import type { SessionOptions } from "./runtime/session.ts";
import { targetOf } from "./runtime/target.ts";
import { sameSpecs } from "./sameSpecs.ts";
import { type SharedState, shareState, specsOf } from "./sharedState.ts";
import { trace } from "./trace.ts";

/** Arrays in nested objects and lists. */
export type Tree = JsTree<JaxArray>;

/** One step of a loop: from a state and a batch to the next state and what is reported. */
export type StepFunction<S extends Tree, B, O extends Tree> = (
  state: S,
  batch: MapLeaves<B, JaxArray>,
  phase: number,
) => [state: S, outputs: O];

export interface TrainStepOptions<S extends Tree, B> extends SessionOptions {
  /** Parameters, optimizer state and whatever else one step hands to the next. Used up. */
  readonly state: S;
  /** The batch's shapes: `spec([8, 256], "int32")`, a number for a scalar such as the learning rate, or arrays. */
  readonly batch: B;
  /** Number of graphs that take turns (`phase` = step mod phases), for optimizers that alternate. Default 1. */
  readonly phases?: number;
}

/** Elements for the batch, by leaf: a typed array or list, a number, or a jax-js array (which is used up). */
export type Feed<B> = MapLeaves<B, ArrayLike<number> | number | JaxArray>;

/** Named typed arrays: the leaves of a tree by path, `blocks.0.attention.query`. */
export type NamedTensors = Readonly<Record<string, TensorData>>;

interface Phase {
  /** Phases with the same equations share it. */
  readonly id: number;
  readonly executable: Executable;
  readonly outputs: readonly LeafSpec[];
}

/** What has to happen around a run besides the graphs themselves. */
interface Plan {
  readonly bound: BoundProgram;
  readonly copies: readonly { from: TensorData; to: TensorData }[];
  /** Leaves of the state that this run writes to their other buffer. */
  readonly written: readonly number[];
}

/**
 * A training loop's step as native graphs. Parameters and optimizer state live in shared typed arrays, two
 * for each leaf: a run reads one and writes the other, then they change places, so nothing is copied. Batch
 * and scalars such as the learning rate are inputs; changing them recompiles nothing.
 *
 * Knows no optimizer: the step is any function of jax-js arrays.
 *
 * @example
 * const step = TrainStep.create(
 *   (state, { x, y, learningRate }) => {
 *     const [loss, gradients] = valueAndGrad(model)(tree.ref(state), x, y);
 *     return [tree.map((p, g) => p.sub(g.mul(learningRate.ref)), state, gradients), { loss }];
 *   },
 *   { state: params, batch: { x: spec([64, 784]), y: spec([64], "int32"), learningRate: 0.1 } },
 * );
 * const { loss } = await step.run({ x, y, learningRate: 0.05 });
 */
export class TrainStep<S extends Tree, B, O extends Tree> {
  readonly #fn: StepFunction<S, B, O>;
  readonly #options: Omit<TrainStepOptions<S, B>, "state">;
  readonly #shared: SharedState;
  readonly #batchSpecs: readonly LeafSpec[];
  readonly #batch: readonly TensorData[];
  readonly #outputs = new Map<string, TensorData>();
  readonly #phases = new Map<number, Phase>();
  readonly #executables = new Map<string, Phase>();
  readonly #plans = new Map<string, Plan>();
  #steps = 0;
  /** What the last run wrote, while its other buffers still hold what was there before. */
  #lastWritten: readonly number[] | undefined;

  private constructor(
    fn: StepFunction<S, B, O>,
    options: Omit<TrainStepOptions<S, B>, "state">,
    shared: SharedState,
  ) {
    this.#fn = fn;
    this.#options = options;
    this.#shared = shared;
    this.#batchSpecs = specsOf(options.batch);
    this.#batch = this.#batchSpecs.map(({ dtype, shape }) => allocateTensor(dtype, sizeOf(shape)));
    for (const [i, [, leaf]] of leavesWithPaths(options.batch).entries())
      if (typeof leaf === "number" || typeof leaf === "boolean") this.#batch[i]?.fill(Number(leaf));
    this.#phase(0); // errors of the function come here, before the state is used up
  }

  /**
   * Traces the step's first phase, creates its session and moves the state into shared memory.
   *
   * @throws {ArgumentError} if the new state has another structure, shape or dtype than the old one.
   */
  static create<S extends Tree, B, O extends Tree>(
    fn: StepFunction<S, B, O>,
    options: TrainStepOptions<S, B>,
  ): TrainStep<S, B, O> {
    const step = new TrainStep(fn, options, shareState(options.state));
    step.setState(options.state);
    return step;
  }

  /**
   * Another function of the same live state, such as the validation loss: it reads the arrays where they are.
   * It and the step may not run at the same time. Dispose of it separately.
   */
  derive<B2, O2 extends Tree>(
    fn: (state: S, batch: MapLeaves<B2, JaxArray>) => O2,
    options: Omit<TrainStepOptions<S, B2>, "state" | "phases">,
  ): TrainStep<S, B2, O2> {
    // The state comes back as it went in, so no buffer changes.
    const reading: StepFunction<S, B2, O2> = (state, batch) => [state, fn(tree.ref(state), batch)];
    return new TrainStep(reading, options, this.#shared);
  }

  /** Steps done. The next one has phase `steps % phases`. */
  get steps(): number {
    return this.#steps;
  }

  /** For resuming: the next step counts as number `steps`. */
  set steps(steps: number) {
    if (!Number.isSafeInteger(steps) || steps < 0)
      throw new ArgumentError(`steps must be a whole number of at least 0, got ${steps}`);
    this.#steps = steps;
  }

  /** The current state, by path. Views of the live memory: read them between runs, or write to change it. */
  get state(): NamedTensors {
    return named(
      this.#shared.specs,
      this.#shared.buffers.map((pair, i) => pair[this.#shared.current[i] ?? 0]),
    );
  }

  /** The batch's memory, by path. Fill it and call `run()` without a feed to save a copy. */
  get batch(): NamedTensors {
    return named(this.#batchSpecs, this.#batch);
  }

  /**
   * One step. Returns the reported outputs by path; the arrays are the same every time and are overwritten
   * by the next step. A failed run (an index out of range, say) leaves state and step count as they were.
   */
  async run(feed?: Feed<B>): Promise<NamedTensors> {
    if (this.#shared.running) throw new ArgumentError("a step is still running: await it before the next");
    this.#shared.running = true;
    try {
      if (feed !== undefined) await fillBatch(feed, this.#batchSpecs, this.#batch);
      const plan = this.#plan(this.#steps % (this.#options.phases ?? 1));
      await plan.bound.run();
      for (const { from, to } of plan.copies) to.set(from);
      this.#swap(plan.written);
      this.#lastWritten = plan.written;
      this.#steps += 1;
    } finally {
      this.#shared.running = false;
    }
    return Object.fromEntries(this.#outputs);
  }

  /**
   * Takes the last run back, for a step whose outputs show that it should not have been made: the state before
   * it is still there. Only once for each run, and not after `setState`.
   */
  undo(): void {
    if (this.#lastWritten === undefined) throw new ArgumentError("there is no step to undo");
    this.#swap(this.#lastWritten);
    this.#lastWritten = undefined;
    this.#steps -= 1;
  }

  /** Copies of the state as jax-js arrays, which belong to the caller. */
  getState(): S {
    const leaves = this.#shared.specs.map((spec, i) =>
      fromTensor(this.#shared.buffers[i]?.[this.#shared.current[i] ?? 0]?.slice(), spec),
    );
    return tree.unflatten(this.#shared.structure, leaves) as S;
  }

  /** Replaces the state. Uses the arrays up. */
  setState(state: S): void {
    const leaves = leavesWithPaths(state);
    sameSpecs(
      "state",
      this.#shared.specs,
      leaves.map(([path, leaf]) => leafSpec(path, leaf)),
    );
    for (const [i, [, leaf]] of leaves.entries()) {
      const target = this.#shared.buffers[i]?.[this.#shared.current[i] ?? 0];
      const spec = this.#shared.specs[i];
      if (target && spec && isArray(leaf)) target.set(toBoundary(leaf.dataSync(), spec.dtype));
    }
    this.#lastWritten = undefined;
  }

  #swap(leaves: readonly number[]): void {
    for (const leaf of leaves) this.#shared.current[leaf] = this.#shared.current[leaf] === 0 ? 1 : 0;
  }

  /** Traces and compiles a phase ahead of its first step. */
  prepare(phase: number): void {
    this.#phase(phase);
  }

  /** What a phase became: operators, cuts, cost. */
  explain(phase = 0): string {
    return explainProgram(this.#phase(phase).executable.program);
  }

  /** The lowered step of a phase, for `exportOnnx` and inspection. */
  program(phase = 0): Program {
    return this.#phase(phase).executable.program;
  }

  /** Bytes that live as long as this object, besides the runtime's own arena for activations and gradients. */
  get memory(): { readonly state: number; readonly batch: number; readonly outputs: number } {
    const bytes = (arrays: Iterable<TensorData>): number =>
      [...arrays].reduce((sum, { byteLength }) => sum + byteLength, 0);
    return {
      state: bytes(this.#shared.buffers.flat()),
      batch: bytes(this.#batch),
      outputs: bytes(this.#outputs.values()),
    };
  }

  /** Ends profiling (option `profile`) and returns the files that were written. */
  endProfiling(): string[] {
    return [...this.#executables.values()].flatMap(({ executable }) => executable.endProfiling());
  }

  /** Releases sessions and buffers of the runtime. The typed arrays stay readable. */
  dispose(): void {
    for (const { bound } of this.#plans.values()) bound.dispose();
    for (const { executable } of this.#executables.values()) executable.dispose();
    this.#plans.clear();
    this.#executables.clear();
    this.#phases.clear();
  }

  #phase(phase: number): Phase {
    const known = this.#phases.get(phase);
    if (known !== undefined) return known;
    const placeholders = (specs: readonly LeafSpec[], structure: tree.JsTreeDef): unknown =>
      tree.unflatten(
        structure,
        specs.map((s) => new Spec(s.shape, s.dtype, s.weakType)),
      );
    const batchTree = tree.structure(this.#options.batch as JsTree<unknown>);
    const traced = trace(
      (state: S, batch: MapLeaves<B, JaxArray>) => this.#fn(state, batch, phase),
      [placeholders(this.#shared.specs, this.#shared.structure), placeholders(this.#batchSpecs, batchTree)],
    );
    const after = traced.outputs.filter(({ path }) => path === "0" || path.startsWith("0."));
    sameSpecs(
      "the new state",
      this.#shared.specs,
      after.map((s) => ({ ...s, path: s.path.slice(2) })),
    );
    // Phases with the same equations and constants share a session: most of a period often does.
    const key = `${traced.jaxpr.getHash()} ${traced.constants.map((c) => checksum(c))}`;
    let found = this.#executables.get(key);
    if (found === undefined) {
      const executable = new Executable(lower(traced, targetOf(this.#options.device)), {
        shareMemory: true,
        ...this.#options,
      });
      found = { id: this.#executables.size, executable, outputs: traced.outputs };
      this.#executables.set(key, found);
    }
    for (const constant of traced.constants) constant.dispose();
    this.#phases.set(phase, found);
    return found;
  }

  /** Arrays tied to slots for one phase and one position of every double buffer. */
  #plan(phase: number): Plan {
    const { id, executable, outputs } = this.#phase(phase);
    const key = `${id} ${this.#shared.current.join("")}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const { program } = executable;
    const arrays = new Map<number, TensorData>();
    const live = (i: number): TensorData | undefined =>
      this.#shared.buffers[i]?.[this.#shared.current[i] ?? 0];
    const count = this.#shared.specs.length;
    for (const [i, slot] of program.inputs.entries()) {
      const array = i < count ? live(i) : this.#batch[i - count];
      if (array) arrays.set(slot, array);
    }
    const copies: { from: TensorData; to: TensorData }[] = [];
    const written: number[] = [];
    for (const [i, slot] of program.outputs.entries()) {
      if (i < count && slot === program.inputs[i]) continue; // handed on unchanged
      const spec = outputs[i];
      if (spec === undefined) throw new Error("internal: an output without type");
      const target =
        i < count ? this.#shared.buffers[i]?.[this.#shared.current[i] === 0 ? 1 : 0] : this.#output(spec);
      if (target === undefined) throw new Error("internal: an output without memory");
      if (i < count) written.push(i);
      const taken = arrays.get(slot);
      if (taken === undefined) arrays.set(slot, target);
      else copies.push({ from: taken, to: target });
    }
    const plan = { bound: executable.bind(arrays), copies, written };
    this.#plans.set(key, plan);
    return plan;
  }

  #output({ path, dtype, shape }: LeafSpec): TensorData {
    const name = path.replace(/^1\.?/, "");
    let array = this.#outputs.get(name);
    if (array === undefined) {
      array = allocateTensor(dtype, sizeOf(shape));
      this.#outputs.set(name, array);
    }
    return array;
  }
}

function named(specs: readonly LeafSpec[], arrays: readonly (TensorData | undefined)[]): NamedTensors {
  return Object.fromEntries(specs.flatMap(({ path }, i) => (arrays[i] ? [[path, arrays[i]]] : [])));
}
