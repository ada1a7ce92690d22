import { type Array as JaxArray, tree } from "@jax-js/jax";
import { allocateTensor } from "../arrays/dtype.ts";
import { ArgumentError } from "../arrays/errors.ts";
import type { MapLeaves } from "../arrays/mapLeaves.ts";
import type { Program } from "../lower/program.ts";
import { explainProgram } from "../run/explain.ts";
import { KernelHost } from "../run/kernelHost.ts";
import { type Allocate, BatchMemory } from "./batchMemory.ts";
import { type NamedTensors, named } from "./namedTensors.ts";
import { replaceState, type SharedState, shareState, stateArrays } from "./sharedState.ts";
import type { Feed, StepFunction, TrainStepOptions, Tree } from "./stepFunction.ts";
import { type StepMemory, stepMemory } from "./stepMemory.ts";
import { StepPhases } from "./stepPhases.ts";
import { StepPlans } from "./stepPlans.ts";

/**
 * A training loop's step as native graphs. Parameters and optimizer state live in shared typed arrays that the
 * graphs read and write where they are. A leaf that cannot be overwritten safely (`overwritable`) has two arrays: a
 * run reads one and writes the other, then they change places. Nothing is copied either way. Batch and scalars
 * such as the learning rate are inputs; changing them recompiles nothing.
 *
 * Knows no optimizer: the step is any function of jax-js arrays.
 *
 * @example
 * const step = TrainStep.create(
 *   (state, { x, y, learningRate }) => {
 *     const [loss, gradients] = valueAndGrad(model)(tree.ref(state), x, y);
 *     const next = tree.map((p: np.Array, g: np.Array) => p.sub(g.mul(learningRate.ref)), state, tree.ref(gradients));
 *     return [next, { loss }, gradients]; // with the gradients: the state is updated in place
 *   },
 *   { state: params, batch: { x: spec([64, 784]), y: spec([64], "int32"), learningRate: 0.1 } },
 * );
 * const { loss } = await step.run({ x, y, learningRate: 0.05 });
 */
export class TrainStep<S extends Tree, B, O extends Tree> {
  readonly #options: Omit<TrainStepOptions<S, B>, "state">;
  readonly #shared: SharedState;
  readonly #batch: BatchMemory;
  readonly #phases: StepPhases;
  readonly #plans: StepPlans;
  #steps = 0;
  #disposed = false;
  /** What runs its updates as fused loops. A derived step has none. */
  readonly #host: KernelHost | undefined;

  private constructor(
    fn: StepFunction<S, B, O>,
    options: Omit<TrainStepOptions<S, B>, "state">,
    shared: SharedState,
    host?: KernelHost,
  ) {
    this.#host = host;
    this.#options = options;
    this.#shared = shared;
    const allocate: Allocate = (dtype, size) => host?.allocate(dtype, size) ?? allocateTensor(dtype, size);
    this.#batch = new BatchMemory(options.batch, allocate);
    this.#plans = new StepPlans(shared, this.#batch.arrays, allocate);
    this.#phases = new StepPhases(fn, shared, this.#batch, options, host);
    this.#phases.at(0); // errors of the function come here, before the state is used up
  }

  /**
   * Traces the step's first phase, creates its sessions and moves the state into shared memory.
   *
   * @throws {ArgumentError} if the new state has another structure, shape or dtype than the old one.
   */
  static create<S extends Tree, B, O extends Tree>(
    fn: StepFunction<S, B, O>,
    options: TrainStepOptions<S, B>,
  ): TrainStep<S, B, O> {
    const { state, fusedUpdate = true, device = "cpu", threads } = options;
    const host = fusedUpdate && device === "cpu" ? KernelHost.create(threads) : undefined;
    const step = new TrainStep(fn, options, shareState(state, host), host);
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
      this.#shared.leaves.map(({ value }) => value),
    );
  }

  /** The batch's memory, by path. Fill it and call `run()` without a feed to save a copy. */
  get batch(): NamedTensors {
    return this.#batch.named;
  }

  /**
   * One step. Returns the reported outputs by path; the arrays are the same every time and are overwritten
   * by the next step.
   *
   * @throws {ArgumentError} (rejects) where the feed lacks a leaf of the batch, has one that the batch lacks, or one of
   *   another length; while another step runs; and after `dispose`.
   *
   * `accept` sees the outputs before any of the state has changed. Where it returns false the step is not made: state and
   * step count stay as they were. So they do when the run fails before that, on an index out of range, say.
   */
  async run(feed?: Feed<B>, accept?: (outputs: NamedTensors) => boolean): Promise<NamedTensors> {
    if (this.#disposed) throw new ArgumentError("this step was disposed: it can no longer run");
    if (this.#shared.running) throw new ArgumentError("a step is still running: await it before the next");
    this.#shared.running = true;
    try {
      if (feed !== undefined) await this.#batch.fill(feed);
      const plan = this.#plans.of(this.#phases.at(this.#steps % (this.#options.phases ?? 1)));
      await plan.decide();
      const outputs = this.#plans.outputs;
      if (accept?.(outputs) === false) return outputs;
      await plan.apply();
      this.#steps += 1;
      return outputs;
    } finally {
      this.#shared.running = false;
    }
  }

  /** Copies of the state as jax-js arrays, which belong to the caller. */
  getState(): S {
    return stateArrays(this.#shared) as S;
  }

  /**
   * Replaces the state, leaf by leaf of the same path; the order of keys does not matter. Uses the arrays up.
   *
   * @throws {ArgumentError} naming the first leaf that is missing, of another shape or dtype, or too many.
   */
  setState(state: S): void {
    replaceState(this.#shared, state);
  }

  /** Traces and compiles a phase ahead of its first step. */
  prepare(phase: number): void {
    this.#phases.at(phase);
  }

  /** What a phase became: operators, cuts, cost. */
  explain(phase = 0): string {
    return explainProgram(this.program(phase));
  }

  /** The lowered step of a phase, for `exportOnnx` and inspection. */
  program(phase = 0): Program {
    return this.#phases.at(phase).executable.program;
  }

  /** Bytes that live as long as this object, besides the runtime's own arena for activations. */
  get memory(): StepMemory {
    const { arrays } = this.#batch;
    return stepMemory(
      this.#shared,
      arrays,
      Object.values(this.#plans.outputs),
      this.#host?.scratchBytes ?? 0,
    );
  }

  /** Ends profiling (option `profile`) and returns the files that were written. */
  endProfiling(): string[] {
    return this.#phases.endProfiling();
  }

  /** Releases sessions and buffers of the runtime. The typed arrays stay readable. */
  dispose(): void {
    this.#disposed = true;
    this.#plans.dispose();
    this.#phases.dispose();
    this.#host?.dispose();
  }
}
