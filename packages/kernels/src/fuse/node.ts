import type { Lookup, Scatter } from "../nest/lookup.ts";
import type { ElementType, Operation, Reducer } from "../nest/nest.ts";
import type { Layout } from "./layout.ts";

/** Elements of a node, found by a layout. Its shape is that of what reads it, without dimensions of one element. */
export interface Source {
  readonly node: Node;
  readonly layout: Layout;
}

interface Base {
  /** Without dimensions of one element. */
  readonly shape: readonly number[];
  readonly type: ElementType;
}

/** An array that is given. */
export interface InputNode extends Base {
  readonly kind: "input";
  readonly position: number;
}

/** An array whose elements are known. */
export interface ConstantNode extends Base {
  readonly kind: "constant";
  readonly elements: ArrayLike<number>;
}

/** One number in every place. */
export interface NumberNode extends Base {
  readonly kind: "number";
  readonly value: number;
}

export interface ElementwiseNode extends Base {
  readonly kind: "elementwise";
  readonly operation: Operation;
  readonly operands: readonly Source[];
}

/** A reduction over neighbouring dimensions that are the last ones or the ones before the last. */
export interface ReduceNode extends Base {
  readonly kind: "reduce";
  readonly reducer: Reducer;
  readonly operand: ElementwiseNode;
  /** Which dimensions of the operand it goes over. */
  readonly over: readonly boolean[];
}

/** Sums of products over the last dimension of both operands, whose other dimensions are the node's shape. */
export interface ProductNode extends Base {
  readonly kind: "product";
  readonly left: Source;
  readonly right: Source;
}

/** Rows of `table` by their numbers: element (p, n, q) is element (p, indices[n], q). Both are dense. */
export interface LookupNode extends Base {
  readonly kind: "lookup";
  readonly table: Source;
  readonly indices: Source;
  readonly loops: Lookup;
}

/** Sums of the rows of `updates` that have the same number. Both are dense. */
export interface ScatterNode extends Base {
  readonly kind: "scatter";
  readonly updates: Source;
  readonly indices: Source;
  readonly loops: Scatter;
}

/** An array that is put together from pieces, which cover it and do not overlap. */
export interface JoinedNode extends Base {
  readonly kind: "joined";
  readonly pieces: readonly PieceNode[];
}

/** Elements of an operand, written where `layout` says in what is put together. */
export interface PieceNode extends Base {
  readonly kind: "piece";
  readonly operand: ElementwiseNode;
  readonly layout: Layout;
  readonly joined: JoinedNode;
}

/** A node that is computed. */
export type ComputedNode =
  | ElementwiseNode
  | ReduceNode
  | ProductNode
  | LookupNode
  | ScatterNode
  | JoinedNode
  | PieceNode;

export type Node = InputNode | ConstantNode | NumberNode | ComputedNode;

/** What a nest computes. */
export type NestNode = ElementwiseNode | ReduceNode | PieceNode;

export const isNestNode = (node: ComputedNode): node is NestNode =>
  node.kind === "elementwise" || node.kind === "reduce" || node.kind === "piece";

export const isComputed = (node: Node): node is ComputedNode =>
  node.kind !== "input" && node.kind !== "constant" && node.kind !== "number";

/** The elements that a nest for this node goes over. */
export const topOf = (node: NestNode): ElementwiseNode => (node.kind === "elementwise" ? node : node.operand);

/** What a node reads from memory or, of an elementwise one, may have at hand. */
export function sourcesOf(node: ComputedNode): readonly Source[] {
  switch (node.kind) {
    case "elementwise":
      return node.operands;
    case "product":
      return [node.left, node.right];
    case "lookup":
      return [node.table, node.indices];
    case "scatter":
      return [node.updates, node.indices];
    default:
      return [];
  }
}
