import { parseGoldenFile } from "./goldenFile.ts";
import type { ReplayOutcome } from "./outcome.ts";
import { readGoldenText } from "./readGoldenText.ts";
import { replayMatrixFunction, replayMatrixReference } from "./replayMatrix.ts";
import { replayTrajectory } from "./replayTrajectory.ts";
import { NotReplayed } from "./rule.ts";

/** Replays one golden file through the public API. A file that cannot be read or replayed is an outcome with its error. */
export async function replayFile(file: string): Promise<ReplayOutcome> {
  let optimizer: string | null = null;
  try {
    const golden = parseGoldenFile(await readGoldenText(file), file);
    optimizer = golden.optimizer;
    if (golden.kind === "trajectory") return await replayTrajectory(golden, file);
    if (golden.kind === "matrix_function") return await replayMatrixFunction(golden, file);
    return await replayMatrixReference(golden, file);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const why = error instanceof NotReplayed ? { skipped: said } : { error: said };
    return { file, optimizer, maxAbsError: null, tolerance: null, ok: false, ...why };
  }
}
