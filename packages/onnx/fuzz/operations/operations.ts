import type { Operation } from "../operation.ts";
import { activations } from "./activations.ts";
import { elementwise } from "./elementwise.ts";
import { moves } from "./moves.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";

/** What programs are drawn from. */
export const operations: readonly Operation[] = [
  ...elementwise,
  ...activations,
  ...reductions,
  ...moves,
  ...products,
];
