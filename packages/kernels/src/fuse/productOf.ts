import { sizeOf } from "../nest/nest.ts";
import type { Packing, Product } from "../nest/product.ts";
import { dense } from "./layout.ts";
import type { ProductNode, Source } from "./node.ts";

/** A dimension of the result, with the strides it has in the left and the right operand and in the result. */
interface Dimension {
  readonly length: number;
  readonly left: number;
  readonly right: number;
  readonly result: number;
}

/** How a product is computed. The operand that the last dimension belongs to is the right one. */
export function productOf(node: ProductNode): {
  readonly packing: Packing;
  readonly product: Product;
  readonly left: Source;
  readonly right: Source;
} {
  const last = node.shape.length - 1;
  const turned = node.right.layout.strides[last] === 0;
  const [left, right] = turned ? [node.right, node.left] : [node.left, node.right];
  const dimensions = joinedDimensions(node.shape, left, right);
  const columns = dimensions.at(-1) ?? fail();
  const rows = dimensions
    .filter((d) => d.left !== 0 && d.right === 0)
    .reduce((best: Dimension | undefined, d) => (best && best.length > d.length ? best : d), undefined);
  if (rows === undefined) fail();
  const outer = dimensions.filter((d) => d !== rows && d !== columns);
  const own = outer.filter((d) => d.right !== 0);
  const depth = node.left.layout.shape[last + 1] ?? 1;
  return {
    left,
    right,
    packing: {
      kind: "packing",
      outer: own.map((d) => d.length),
      columns: columns.length,
      depth,
      source: {
        offset: right.layout.offset,
        outer: own.map((d) => d.right),
        depth: right.layout.strides[last + 1] ?? 0,
        column: columns.right,
      },
    },
    product: {
      kind: "product",
      outer: outer.map((d) => d.length),
      rows: rows.length,
      columns: columns.length,
      depth,
      left: {
        offset: left.layout.offset,
        outer: outer.map((d) => d.left),
        row: rows.left,
        depth: left.layout.strides[last + 1] ?? 0,
      },
      right: {
        outer: outer.map((d) => {
          const at = own.indexOf(d);
          return at < 0 ? 0 : sizeOf(own.slice(at + 1).map(({ length }) => length));
        }),
      },
      result: { outer: outer.map((d) => d.result), row: rows.result },
    },
  };
}

/** Neighbours that both operands go through as if they were one are one. */
function joinedDimensions(shape: readonly number[], left: Source, right: Source): readonly Dimension[] {
  const { strides } = dense(shape);
  const joined: Dimension[] = [];
  for (const [i, length] of shape.entries()) {
    const [l, r] = [left.layout.strides[i] ?? 0, right.layout.strides[i] ?? 0];
    const before = joined.at(-1);
    const fits = before !== undefined && before.left === l * length && before.right === r * length;
    const d = { left: l, right: r, result: strides[i] ?? 1 };
    if (fits) joined[joined.length - 1] = { ...d, length: before.length * length };
    else joined.push({ ...d, length });
  }
  return joined;
}

function fail(): never {
  throw new Error("internal: a product without rows or columns");
}
