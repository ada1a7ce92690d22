import type { Loops } from "../nest/loops.ts";
import type { Code } from "../wasm/code.ts";
import { hasMultiplyAdd } from "../wasm/fusedMultiplyAdd.ts";
import { emitLookup } from "./emitLookup.ts";
import { emitNest } from "./emitNest.ts";
import { emitPacking } from "./emitPacking.ts";
import { emitProduct } from "./emitProduct.ts";
import { emitScatter } from "./emitScatter.ts";

/** What loops do for one tile, as a function of the address of their argument list and the number of the tile. */
export function emitLoops(loops: Loops, functionIndex: (name: string) => number): Code {
  switch (loops.kind) {
    case "nest":
      return emitNest(loops, functionIndex);
    case "product":
      return emitProduct(loops, hasMultiplyAdd);
    case "packing":
      return emitPacking(loops);
    case "lookup":
      return emitLookup(loops);
    case "scatter":
      return emitScatter(loops);
  }
}
