import { type Lookup, lookupRows, type Scatter, scatterEntries } from "./lookup.ts";
import { type Nest, sizeOf } from "./nest.ts";
import { type Packing, type Product, packedPanels, packedSize, panelsOf, productTiles } from "./product.ts";
import { tilesOf } from "./tiles.ts";

/** What one kernel does. Arguments are addresses; everything else is known when it is compiled. */
export type Loops = Nest | Product | Packing | Lookup | Scatter;

/** Pieces that threads take. Found from shapes alone. */
export function tileCount(loops: Loops): number {
  switch (loops.kind) {
    case "nest":
      return tilesOf(loops).count;
    case "product":
      return productTiles(loops).count;
    case "packing":
      return Math.ceil((sizeOf(loops.outer) * panelsOf(loops)) / packedPanels(loops));
    case "lookup":
      return Math.ceil((loops.groups * loops.count) / lookupRows(loops));
    case "scatter":
      return Math.ceil(loops.entries / scatterEntries(loops));
  }
}

/** Positions of the arguments that are read, one for each time; of products, the same for both factors. */
export const argumentsRead = (loops: Loops): readonly number[] =>
  loops.kind === "nest"
    ? loops.reads.map(({ argument }) => argument)
    : loops.kind === "packing"
      ? [0]
      : [0, 1];

export const argumentsWritten = (loops: Loops): readonly number[] =>
  loops.kind === "nest"
    ? [...loops.writes, ...loops.reductions].map(({ argument }) => argument)
    : [loops.kind === "packing" ? 1 : 2];

/** How much there is to do, in elements of a simple nest. */
export function effortOf(loops: Loops): number {
  switch (loops.kind) {
    case "nest":
      return sizeOf(loops.dimensions) * (1 + loops.steps.length / 8);
    case "product":
      return (sizeOf(loops.outer) * loops.rows * loops.columns * loops.depth) / 16;
    case "packing":
      return packedSize(loops);
    case "lookup":
      return loops.groups * loops.count * loops.size;
    case "scatter":
      return loops.count * loops.size;
  }
}
