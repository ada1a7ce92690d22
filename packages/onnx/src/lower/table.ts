import type { Primitive } from "../trace/jaxpr.ts";
import { arithmetic } from "./arithmetic.ts";
import { bits } from "./bits.ts";
import { contraction } from "./contraction.ts";
import { convolution } from "./convolution.ts";
import { fourier } from "./fourier.ts";
import { indexing } from "./indexing.ts";
import type { Lowering } from "./lowering.ts";
import { movement } from "./movement.ts";
import { pooling } from "./pooling.ts";
import { reduction } from "./reduction.ts";
import { selection } from "./select.ts";
import { sorting } from "./sorting.ts";

/** No operator of ONNX computes it: the graph is cut there. */
export const CUT = "cut";

const flattened: Lowering<"jit"> = () => {
  throw new Error("internal: nested jit is flattened before lowering");
};

/** How each primitive of jax-js becomes ONNX. A primitive that is missing here does not compile. */
export const lowerings = {
  ...arithmetic,
  ...bits,
  ...selection,
  ...reduction,
  ...contraction,
  ...convolution,
  ...pooling,
  ...movement,
  ...indexing,
  ...sorting,
  ...fourier,
  triangular_solve: CUT,
  cholesky: CUT,
  lu: CUT,
  jacobi_eigh: CUT,
  jit: flattened,
} satisfies { [P in Primitive]: Lowering<P> | typeof CUT };

/** The lowering of a primitive by name, for equations whose primitive is only known at run time. */
export function loweringOf(primitive: Primitive): Lowering<Primitive> | typeof CUT {
  return lowerings[primitive] as Lowering<Primitive> | typeof CUT;
}
