import type { Array as JaxArray } from "@jax-js/jax";
import type { Spec } from "./argumentTree.ts";

/** A tree of placeholders, numbers and arrays with every leaf replaced by `To`. */
export type MapLeaves<T, To> = T extends Spec | number | boolean | JaxArray
  ? To
  : { [K in keyof T]: MapLeaves<T[K], To> };
