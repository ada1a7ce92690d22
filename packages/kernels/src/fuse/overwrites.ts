import { dense } from "./layout.ts";
import type { Schedule } from "./schedule.ts";

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

type Call = Schedule["stages"][number][number];

const writes = ({ nest, buffers }: Call, buffer: number): boolean =>
  [...nest.writes, ...nest.reductions].some(({ argument }) => buffers[argument] === buffer);

function inPlace({ nest, buffers }: Call, before: number, after: number): boolean {
  const elementwise = nest.writes.some(({ argument }) => buffers[argument] === after);
  const same = dense(nest.dimensions).strides;
  const reads = nest.reads.filter(({ argument }) => buffers[argument] === before);
  return elementwise && reads.every((r) => r.offset === 0 && String(r.strides) === String(same));
}
