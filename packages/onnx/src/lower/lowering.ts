import type { Dtype } from "../arrays/dtype.ts";
import type { Graph } from "../graph/graph.ts";
import type { Shape } from "../graph/shape.ts";
import type { View } from "../graph/view.ts";
import type { ParamsOf, Primitive } from "../trace/jaxpr.ts";

/** Shape and dtype that jax-js assigns to a result. */
export interface ResultType {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** What a lowering works with. */
export interface Site<P extends Primitive> {
  readonly g: Graph;
  readonly inputs: readonly View[];
  readonly params: ParamsOf<P>;
  readonly results: readonly ResultType[];
  /** Weak types decide how jax-js promotes, so comparisons need them. */
  readonly weak: readonly boolean[];
  /** Index tensors that a gather reads with, and the size it checks them against while running. */
  readonly checkedIndices: Map<number, number>;
}

/**
 * Turns one equation into nodes. Results and inputs are never empty arrays: those are handled before, since
 * not every kernel takes a dimension of size 0.
 */
export type Lowering<P extends Primitive> = (site: Site<P>) => readonly View[];

/** The i-th input. */
export function operand(site: { readonly inputs: readonly View[] }, i: number): View {
  const found = site.inputs[i];
  if (found === undefined) throw new Error(`internal: no operand ${i}`);
  return found;
}

/** The i-th result type. */
export function resultType(site: { readonly results: readonly ResultType[] }, i = 0): ResultType {
  const found = site.results[i];
  if (found === undefined) throw new Error(`internal: no result ${i}`);
  return found;
}
