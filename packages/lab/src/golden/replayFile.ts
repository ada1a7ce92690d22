import { parseGoldenFile } from "./goldenFile.ts";
import type { ReplayOutcome } from "./outcome.ts";
import { readGoldenText } from "./readGoldenText.ts";
import { replayMatrixFunction, replayMatrixReference } from "./replayMatrix.ts";
import { replayTrajectory } from "./replayTrajectory.ts";
import { NotReplayed } from "./rule.ts";

/** Replays one golden file through the public API. Throws `FileError` or `GoldenFileError` where it cannot be read. */
export async function replayFile(file: string): Promise<ReplayOutcome> {
  const golden = parseGoldenFile(await readGoldenText(file), file);
  try {
    if (golden.kind === "trajectory") return await replayTrajectory(golden, file);
    if (golden.kind === "matrix_function") return await replayMatrixFunction(golden, file);
    return await replayMatrixReference(golden, file);
  } catch (error) {
    if (!(error instanceof NotReplayed)) throw error;
    const { optimizer } = golden;
    return { file, optimizer, maxAbsError: null, tolerance: null, ok: false, skipped: error.message };
  }
}
