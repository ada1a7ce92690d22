import { emitLoops } from "../loops/emitLoops.ts";
import { LANE_FUNCTIONS } from "../loops/emitStep.ts";
import type { Loops } from "../nest/loops.ts";
import { encodeModule } from "../wasm/encodeModule.ts";

/** The loops of one tile: takes the address of the arguments and the number of the tile. */
export type Kernel = (list: number, tile: number) => void;

/** Different loops as a module: kernel i is of `loops[i]`. */
export function kernelModule(loops: readonly Loops[], shared: boolean): Uint8Array<ArrayBuffer> {
  const names: readonly string[] = LANE_FUNCTIONS;
  const imported = LANE_FUNCTIONS.map((name) => ({ name, parameters: ["f64"], results: ["f64"] }) as const);
  const functions = loops.map((one) => emitLoops(one, (name) => names.indexOf(name)));
  return encodeModule(imported, functions, shared);
}

/** Instantiates a module of kernels on a memory. */
export function kernelsOf(bytes: Uint8Array<ArrayBuffer>, memory: WebAssembly.Memory): readonly Kernel[] {
  const { sin, cos, asin, atan } = Math;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory, sin, cos, asin, atan },
  });
  return Object.values(exports).map((kernel) => kernel as Kernel);
}
