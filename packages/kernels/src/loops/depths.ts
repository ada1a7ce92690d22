import type { Nest, Operand, Read } from "../nest/nest.ts";

/** How often a value has to be computed again: once a tile, once a row or for every element. */
export type Depth = "tile" | "row" | "element";

const ORDER: readonly Depth[] = ["tile", "row", "element"];
const deeper = (a: Depth, b: Depth): Depth => (ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b);

/** The depths of a nest's reads and steps, by position. */
export interface Depths {
  readonly reads: readonly Depth[];
  readonly steps: readonly Depth[];
}

const depthOfRead = ({ strides }: Read): Depth =>
  strides.every((stride) => stride === 0) ? "tile" : strides.at(-1) === 0 ? "row" : "element";

/** Values that are the same for a whole row, or everywhere, are computed no more often than that. */
export function depthsOf({ reads, steps }: Nest): Depths {
  const ofReads = reads.map(depthOfRead);
  const ofSteps: Depth[] = [];
  const depthOf = (operand: Operand): Depth => {
    if (operand.kind === "number") return "tile";
    const found = (operand.kind === "read" ? ofReads : ofSteps)[operand.index];
    if (found === undefined) throw new Error("internal: an operand that comes later");
    return found;
  };
  for (const { operands } of steps) ofSteps.push(operands.map(depthOf).reduce(deeper, "tile"));
  return { reads: ofReads, steps: ofSteps };
}
