import type { LeafSpec } from "../arrays/argumentTree.ts";
import type { TensorData } from "../arrays/dtype.ts";
import { sizeOf } from "../graph/shape.ts";
import type { Allocate } from "./batchMemory.ts";
import type { NamedTensors } from "./namedTensors.ts";
import type { SharedState } from "./sharedState.ts";
import type { StepPhase } from "./stepPhases.ts";
import { StepPlan } from "./stepPlan.ts";

/** Phases with an array in every slot, each made when it is first run, and the arrays of what they report. */
export class StepPlans {
  readonly #shared: SharedState;
  readonly #batch: readonly TensorData[];
  readonly #allocate: Allocate;
  readonly #plans = new Map<string, StepPlan>();
  readonly #outputs = new Map<string, TensorData>();

  constructor(shared: SharedState, batch: readonly TensorData[], allocate: Allocate) {
    this.#shared = shared;
    this.#batch = batch;
    this.#allocate = allocate;
  }

  /** What is reported, by path, of all phases that have been run. */
  get outputs(): NamedTensors {
    return Object.fromEntries(this.#outputs);
  }

  /** The plan of a phase for the present position of every leaf that has two. */
  of(phase: StepPhase): StepPlan {
    const key = `${phase.id} ${this.#shared.leaves.map(({ current }) => current).join("")}`;
    const plan =
      this.#plans.get(key) ?? new StepPlan(phase, this.#shared, this.#batch, (spec) => this.#output(spec));
    this.#plans.set(key, plan);
    return plan;
  }

  #output({ path, dtype, shape }: LeafSpec): TensorData {
    const name = path.replace(/^1\.?/, "");
    const array = this.#outputs.get(name) ?? this.#allocate(dtype, sizeOf(shape));
    this.#outputs.set(name, array);
    return array;
  }

  dispose(): void {
    for (const plan of this.#plans.values()) plan.dispose();
    this.#plans.clear();
  }
}
