import type { Loops } from "../nest/loops.ts";
import type { ElementType } from "../nest/nest.ts";

/** Where the elements of a buffer come from or go to. */
export type Role =
  | { readonly kind: "input"; readonly position: number }
  | { readonly kind: "output"; readonly position: number }
  | { readonly kind: "constant"; readonly elements: ArrayLike<number> }
  | { readonly kind: "scratch" };

export interface Buffer {
  readonly type: ElementType;
  readonly size: number;
  readonly role: Role;
}

/** Loops and the buffers that are their arguments. */
export interface Call<L extends Loops = Loops> {
  readonly loops: L;
  readonly buffers: readonly number[];
}

/** Stages that run one after the other; the calls of a stage do not depend on each other. */
export interface Schedule {
  readonly buffers: readonly Buffer[];
  readonly stages: readonly (readonly Call[])[];
}
