import type { LeafSpec } from "../arrays/argumentTree.ts";
import type { TensorData } from "../arrays/dtype.ts";
import type { BoundProgram } from "../run/executable.ts";
import type { SharedState } from "./sharedState.ts";
import type { StateLeaf } from "./stateLeaf.ts";
import type { StepPhase } from "./stepPhases.ts";

interface Copy {
  readonly from: TensorData;
  readonly to: TensorData;
}

/** One phase with an array in every slot, for one position of the leaves that have two. */
export class StepPlan {
  readonly #bound: BoundProgram;
  readonly #decided: number;
  /** For results that share a slot with another or with an input. */
  readonly #copies: { readonly reported: Copy[]; readonly state: Copy[] } = { reported: [], state: [] };
  /** Leaves whose next value is in their other array. */
  readonly #written: StateLeaf[] = [];

  /** `output` gives the array of a reported result. */
  constructor(
    { executable, outputs, overwriting }: StepPhase,
    { leaves, between, host }: SharedState,
    batch: readonly TensorData[],
    output: (spec: LeafSpec) => TensorData,
  ) {
    const { inputs, outputs: results } = executable.program;
    const arrays = new Map<number, TensorData>();
    const given = [...leaves.map(({ value }) => value), ...batch];
    for (const [i, slot] of inputs.entries()) {
      const array = given[i];
      if (array !== undefined) arrays.set(slot, array);
    }
    for (const [i, slot] of results.entries()) {
      const leaf = leaves[i];
      if (leaf !== undefined && slot === inputs[i]) continue; // handed on unchanged
      const spec = outputs[i];
      if (spec === undefined) throw new Error("internal: an output without type");
      const overwritten = leaf !== undefined && overwriting.leaves.has(i);
      const to = leaf === undefined ? output(spec) : overwritten ? leaf.value : leaf.other;
      if (leaf !== undefined && !overwritten) this.#written.push(leaf);
      const from = arrays.get(slot);
      if (from === undefined) arrays.set(slot, to);
      else this.#copies[leaf === undefined ? "reported" : "state"].push({ from, to });
    }
    this.#decided = overwriting.decided;
    this.#bound = executable.bind(arrays, between.take(), host);
  }

  /** Computes what is reported, and whatever else comes before the first leaf is overwritten. */
  async decide(): Promise<void> {
    await this.#bound.run(0, this.#decided);
    for (const { from, to } of this.#copies.reported) to.set(from);
  }

  /** Makes the step: computes the rest, and what was written becomes the state. */
  async apply(): Promise<void> {
    await this.#bound.run(this.#decided);
    for (const { from, to } of this.#copies.state) to.set(from);
    for (const leaf of this.#written) leaf.swap();
  }

  dispose(): void {
    this.#bound.dispose();
  }
}
