import type { ProductKind } from "steepest/norms";

/** How a method puts the norms of its layers together; see `productNorm`. */
export const productOf = ({ product }: Readonly<Record<string, unknown>>): ProductKind =>
  product === "l2" ? "l2" : "max";

/** ‖x‖ from the ‖xₗ‖/rₗ of layers. */
export const valueOfProduct = (kind: ProductKind, values: readonly number[]): number =>
  kind === "max" ? values.reduce((most, value) => Math.max(most, value), 0) : Math.hypot(...values);

/** ‖g‖_* from the rₗ‖gₗ‖_* of layers. */
export const dualOfProduct = (kind: ProductKind, duals: readonly number[]): number =>
  kind === "max" ? duals.reduce((sum, dual) => sum + dual, 0) : Math.hypot(...duals);
