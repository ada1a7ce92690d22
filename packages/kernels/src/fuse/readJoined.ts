import { type ElementType, sizeOf } from "../nest/nest.ts";
import type { GraphBuilder } from "./graphBuilder.ts";
import { dense, squeezed } from "./layout.ts";
import type { JoinedNode, PieceNode, Source } from "./node.ts";
import type { Placed } from "./value.ts";

/** A piece of an array: where its first element goes, and its elements. */
interface Part {
  readonly corner: readonly number[];
  readonly value: Placed;
}

/** Parts as one array. They cover it and do not overlap. */
export function joined(
  builder: GraphBuilder,
  parts: readonly Part[],
  shape: readonly number[],
  type: ElementType,
): Placed {
  const pieces: PieceNode[] = [];
  const node: JoinedNode = { kind: "joined", pieces, shape: shape.filter((n) => n !== 1), type };
  const { strides } = dense(shape);
  for (const { corner, value } of parts) {
    if (sizeOf(value.layout.shape) === 0) continue;
    const source: Source = builder.cast({ node: value.node, layout: squeezed(value.layout) }, type);
    const operand = builder.operandOf(source);
    const offset = corner.reduce((sum, at, i) => sum + at * (strides[i] ?? 0), 0);
    const layout = squeezed({ shape: value.layout.shape, strides, offset });
    pieces.push(builder.add({ kind: "piece", operand, layout, joined: node, shape: operand.shape, type }));
  }
  builder.add(node);
  return { node, layout: dense(shape) };
}

export function concatenated(
  builder: GraphBuilder,
  values: readonly Placed[],
  axis: number,
  shape: readonly number[],
  type: ElementType,
): Placed {
  let at = 0;
  const parts = values.map((value): Part => {
    const corner = shape.map((_, i) => (i === axis ? at : 0));
    at += value.layout.shape[axis] ?? 0;
    return { corner, value };
  });
  return joined(builder, parts, shape, type);
}

/** A value with zeros around it: in each dimension a slab before and one behind, as long as what lies inside. */
export function padded(
  builder: GraphBuilder,
  value: Placed,
  width: readonly (readonly [number, number])[],
  shape: readonly number[],
): Placed {
  const { type } = value.node;
  const parts: Part[] = [{ corner: width.map(([before]) => before), value }];
  for (const [i, [before, behind]] of width.entries())
    for (const [start, length] of [
      [0, before],
      [(shape[i] ?? 0) - behind, behind],
    ] as const) {
      // Earlier dimensions only inside, later ones whole.
      const inside = (k: number): boolean => k < i;
      const slab = shape.map((n, k) => (k === i ? length : inside(k) ? (value.layout.shape[k] ?? 0) : n));
      const corner = shape.map((_, k) => (k === i ? start : inside(k) ? (width[k]?.[0] ?? 0) : 0));
      const zeros = { kind: "number", value: 0, type, shape: slab.filter((n) => n !== 1) } as const;
      parts.push({ corner, value: { node: zeros, layout: dense(slab) } });
    }
  return joined(builder, parts, shape, type);
}
