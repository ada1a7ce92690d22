import type { TensorData } from "../dtype.ts";
import type { CutStage } from "../program.ts";

/** Runs the equations of a cut on the arrays of their slots. */
export async function runCut(_stage: CutStage, _arrays: readonly TensorData[]): Promise<void> {
  throw new Error("internal: not written yet");
}
