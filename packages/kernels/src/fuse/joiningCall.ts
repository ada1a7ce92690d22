import type { ElementType, Nest, Reduction } from "../nest/nest.ts";
import { dense } from "./layout.ts";
import type { Call } from "./schedule.ts";

/** Joins what a reduction that was cut into tiles left for each of them: [tiles, columns] into its target. */
export function joiningCall(
  { reducer, direction }: Reduction,
  type: ElementType,
  [tiles, columns]: readonly [number, number],
  { groups }: Nest,
  buffers: readonly number[],
): Call<Nest> {
  const shape = groups > 1 ? [groups, tiles / groups, columns] : [tiles, columns];
  const dimensions = direction === "all" ? [tiles] : shape;
  const value = { kind: "read", index: 0, type } as const;
  return {
    buffers,
    loops: {
      kind: "nest",
      dimensions,
      groups: direction === "all" ? 1 : groups,
      reads: [{ argument: 0, type, offset: 0, strides: dense(dimensions).strides }],
      steps: [],
      writes: [],
      reductions: [{ argument: 1, reducer, direction, value }],
    },
  };
}
