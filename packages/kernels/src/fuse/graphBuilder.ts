import { type ElementType, type Reducer, sizeOf } from "../nest/nest.ts";
import { dense, isDense, reshaped, squeezed } from "./layout.ts";
import type { ComputedNode, ElementwiseNode, Node, Source } from "./node.ts";
import type { Placed } from "./value.ts";

/** The least and the largest number a type has, for reductions of nothing. */
const EXTREMES = {
  float32: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  bool: [0, 1],
} as const;

/** Collects nodes, operands first. */
export class GraphBuilder {
  readonly nodes: ComputedNode[] = [];

  add<N extends ComputedNode>(node: N): N {
    this.nodes.push(node);
    return node;
  }

  emit(
    operation: ElementwiseNode["operation"],
    operands: readonly Source[],
    type: ElementType,
  ): ElementwiseNode {
    const shape = operands[0]?.layout.shape ?? [];
    return this.add({ kind: "elementwise", operation, operands, shape, type });
  }

  copy(source: Source): ElementwiseNode {
    return this.emit("copy", [source], source.node.type);
  }

  cast(source: Source, type: ElementType): Source {
    const { node, layout } = source;
    if (node.type === type) return source;
    if (node.kind === "number" && type === "float32") return { node: { ...node, type }, layout };
    const cast = this.emit("cast", [source], type);
    return { node: cast, layout: dense(cast.shape) };
  }

  /** The same elements in memory, one after the other. */
  dense(source: Source): Source {
    const { node, layout } = source;
    if (node.kind !== "number" && isDense(layout) && sizeOf(layout.shape) === sizeOf(node.shape))
      return source;
    return { node: this.copy(source), layout: dense(layout.shape) };
  }

  /** An elementwise node that has the elements of a source in its own shape. */
  operandOf(source: Source): ElementwiseNode {
    const { node, layout } = source;
    const same = isDense(layout) && String(layout.shape) === String(node.shape);
    return node.kind === "elementwise" && same ? node : this.copy(source);
  }

  /** Dimensions that are not neighbours are reduced one group after the other, the last first. */
  reduce(
    { node, layout }: Placed,
    reducer: Reducer,
    axes: readonly number[],
    shape: readonly number[],
  ): Placed {
    const { type } = node;
    if (sizeOf(layout.shape) === 0) {
      const [least, largest] = EXTREMES[type];
      const value = { Add: 0, Mul: 1, Min: largest, Max: least }[reducer];
      const nothing: Node = { kind: "number", value, type, shape: shape.filter((n) => n !== 1) };
      return { node: nothing, layout: dense(shape) };
    }
    let over = layout.shape.flatMap((n, i) => (n === 1 ? [] : [axes.includes(i)]));
    let source: Source = { node, layout: squeezed(layout) };
    while (over.includes(true)) {
      const last = over.lastIndexOf(true);
      const before = over.lastIndexOf(false, last);
      const now = over.map((_, i) => i > before && i <= last);
      const operand = this.operandOf(source);
      const kept = operand.shape.filter((_, i) => !now[i]);
      const reduced = this.add({ kind: "reduce", reducer, operand, over: now, shape: kept, type });
      source = { node: reduced, layout: dense(kept) };
      over = over.filter((_, i) => !now[i]);
    }
    const back = reshaped(source.layout, shape);
    if (back !== undefined) return { node: source.node, layout: back };
    return { node: this.copy(source), layout: dense(shape) };
  }
}
