import { argumentsRead, argumentsWritten } from "../nest/loops.ts";
import type { Schedule } from "./schedule.ts";

const WORD = 4;

/** Bytes that a run reads and writes. */
export function movedBytes({ stages, buffers }: Schedule): number {
  return stages.flat().reduce((sum, { loops, buffers: list }) => {
    const positions = [...argumentsRead(loops), ...argumentsWritten(loops)];
    const accesses = positions.map((argument) => list[argument] ?? -1);
    return sum + accesses.reduce((bytes, buffer) => bytes + WORD * (buffers[buffer]?.size ?? 0), 0);
  }, 0);
}
