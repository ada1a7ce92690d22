import { argumentsWritten } from "../nest/loops.ts";
import { dense } from "./layout.ts";
import type { Call, Schedule } from "./schedule.ts";

/**
 * Whether an output may be written over an input: nothing reads the input after the call that writes the output, and
 * that call reads each of its elements only where it writes the same element.
 */
export function overwrites({ buffers, stages }: Schedule, input: number, output: number): boolean {
  const find = (kind: "input" | "output", position: number): number =>
    buffers.findIndex(({ role }) => role.kind === kind && role.position === position);
  const [before, after] = [find("input", input), find("output", output)];
  if (before < 0) return true; // nobody reads it
  const written = stages.findIndex((calls) => calls.some((call) => writes(call, after)));
  return stages.every((calls, stage) =>
    calls.every((call) => {
      if (!call.buffers.includes(before) || stage < written) return true;
      return stage === written && writes(call, after) && inPlace(call, before, after);
    }),
  );
}

const writes = ({ loops, buffers }: Call, buffer: number): boolean =>
  argumentsWritten(loops).some((argument) => buffers[argument] === buffer);

function inPlace({ loops, buffers }: Call, before: number, after: number): boolean {
  if (loops.kind !== "nest") return false;
  const same = String(dense(loops.dimensions).strides);
  const written = loops.writes.filter(({ argument }) => buffers[argument] === after);
  const read = loops.reads.filter(({ argument }) => buffers[argument] === before);
  return (
    written.length > 0 &&
    [...written, ...read].every(({ offset, strides }) => offset === 0 && String(strides) === same)
  );
}
