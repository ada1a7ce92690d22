import type { GraphBuilder } from "./graphBuilder.ts";
import { broadcastTo, dense, type Layout, squeezed } from "./layout.ts";
import type { Source } from "./node.ts";
import type { Placed, Value } from "./value.ts";

/**
 * Sums of products over the last dimension. Where each operand has a dimension of its own it is a matrix product, else
 * a multiplication and a reduction in one pass. `shape`: of the result.
 */
export function readProduct(
  builder: GraphBuilder,
  [a, b]: readonly [Value, Value],
  shape: readonly number[],
  multiply: (a: Value, b: Value, shape: readonly number[]) => Placed,
): Placed {
  const depth = Math.max(a.layout.shape.at(-1) ?? 1, b.layout.shape.at(-1) ?? 1);
  const whole = [...shape, depth];
  const [left, right] = [broadcastTo(a.layout, whole), broadcastTo(b.layout, whole)];
  const both = a.node.type === "float32" && b.node.type === "float32";
  if (!both || depth === 1 || !hasRowsAndColumns(left, right))
    return builder.reduce(multiply(a, b, whole), "Add", [shape.length], shape);
  const node = builder.add({
    kind: "product",
    left: readable(builder, a, whole),
    right: readable(builder, b, whole),
    shape: shape.filter((n) => n !== 1),
    type: "float32",
  });
  return { node, layout: dense(shape) };
}

/** The last dimension belongs to one operand alone and another one to the other alone. */
function hasRowsAndColumns(left: Layout, right: Layout): boolean {
  const owners = left.shape.slice(0, -1).flatMap((n, i) => {
    if (n === 1) return [];
    const [x, y] = [left.strides[i] !== 0, right.strides[i] !== 0];
    return [x && y ? "both" : x ? "left" : y ? "right" : "none"];
  });
  const last = owners.at(-1);
  return (last === "left" && owners.includes("right")) || (last === "right" && owners.includes("left"));
}

/** The operand where a product can read it: in memory, its elements at increasing addresses. */
function readable(builder: GraphBuilder, { node, layout }: Value, whole: readonly number[]): Source {
  const fits = node.kind !== "number" && layout.strides.every((stride) => stride >= 0);
  const source = fits
    ? { node, layout }
    : { node: builder.copy({ node, layout: squeezed(layout) }), layout: dense(layout.shape) };
  return { node: source.node, layout: squeezed(broadcastTo(source.layout, whole)) };
}
