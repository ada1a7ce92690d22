import { type Nest, type Reduction, sizeOf } from "../nest/nest.ts";
import { packedSize } from "../nest/product.ts";
import { tilesOf } from "../nest/tiles.ts";
import { patternOf } from "./collapse.ts";
import { connected } from "./connected.ts";
import type { Graph } from "./graph.ts";
import { joiningCall } from "./joiningCall.ts";
import { dense } from "./layout.ts";
import { nestOf, type Placement } from "./nestOf.ts";
import {
  type ComputedNode,
  type ElementwiseNode,
  isNestNode,
  type NestNode,
  type Node,
  type ReduceNode,
  sourcesOf,
} from "./node.ts";
import { productOf } from "./productOf.ts";
import type { Buffer, Call, Schedule } from "./schedule.ts";
import { storedNodes } from "./stored.ts";

/** Calls in stages: what they leave unfinished is done in the stages after. */
type Pending = Call[][];

/** A schedule of a graph whose nodes have their levels. */
export class Planner {
  readonly #buffers: Buffer[] = [];
  readonly #bufferOf = new Map<Node, number>();
  readonly #stages: Call[][] = [];
  /** Packed right factors, by what they are packed from and how. */
  readonly #packed = new Map<string, number>();
  readonly #levels: ReadonlyMap<ComputedNode, number>;
  readonly #stored: ReadonlySet<ComputedNode>;

  constructor(graph: Graph, levels: ReadonlyMap<ComputedNode, number>) {
    this.#levels = levels;
    this.#stored = storedNodes(graph, this.#levels);
    for (const [position, node] of graph.outputs.entries())
      this.#bufferOf.set(node, this.#newBuffer(node, { kind: "output", position }));
    const byLevel = new Map<number, ComputedNode[]>();
    for (const node of graph.nodes) {
      if (!this.#stored.has(node)) continue;
      const level = this.#levels.get(node) ?? 0;
      byLevel.set(level, [...(byLevel.get(level) ?? []), node]);
    }
    for (const [level, roots] of [...byLevel].sort(([a], [b]) => a - b)) this.#plan(roots, level);
  }

  get schedule(): Schedule {
    return { buffers: this.#buffers, stages: this.#stages.filter((calls) => calls.length > 0) };
  }

  #plan(roots: readonly ComputedNode[], level: number): void {
    const placement: Placement = {
      isInMemory: (node) => this.#stored.has(node) && (this.#levels.get(node) ?? 0) < level,
      bufferOf: (node) => this.#buffer(node),
    };
    const pending: Pending = [];
    for (const node of roots) this.#single(node, pending);
    const nests = roots.filter(isNestNode);
    for (const group of connected(nests, placement.isInMemory)) this.#pack(group, placement, pending);
    this.#stages.push(...pending);
  }

  /** What has loops of its own. */
  #single(node: ComputedNode, pending: Pending): void {
    if (node.kind === "lookup" || node.kind === "scatter") {
      const [rows, numbers] = sourcesOf(node);
      if (rows === undefined || numbers === undefined) fail();
      const buffers = [this.#buffer(rows.node), this.#buffer(numbers.node), this.#buffer(node)];
      this.#put({ loops: node.loops, buffers }, pending, 0);
    } else if (node.kind === "product") {
      const { packing, product, left, right } = productOf(node);
      const source = this.#buffer(right.node);
      const key = `${source} ${JSON.stringify(packing)}`;
      let packed = this.#packed.get(key);
      if (packed === undefined) {
        packed = this.#newBuffer({ shape: [packedSize(packing)], type: "float32" }, { kind: "scratch" });
        this.#packed.set(key, packed);
        this.#put({ loops: packing, buffers: [source, packed] }, pending, 0);
      }
      this.#put(
        { loops: product, buffers: [this.#buffer(left.node), packed, this.#buffer(node)] },
        pending,
        1,
      );
    }
  }

  #put(call: Call, pending: Pending, stage: number): void {
    for (let i = pending.length; i <= stage; i++) pending.push([]);
    pending[stage]?.push(call);
  }

  /** Puts the roots of a group into as few nests as can be. */
  #pack(group: readonly NestNode[], placement: Placement, pending: Pending): void {
    const classes = new Map<string, NestNode[]>([["", []]]);
    for (const root of group) {
      const pattern = root.kind === "reduce" ? patternOf(root.over) : "";
      classes.set(pattern, [...(classes.get(pattern) ?? []), root]);
    }
    const packs: NestNode[][] = [];
    for (const roots of classes.values()) {
      if (roots.length === 0) continue;
      const home = packs.findIndex((pack) => nestOf([...pack, ...roots], placement) !== undefined);
      if (home >= 0) packs[home]?.push(...roots);
      else if (nestOf(roots, placement) !== undefined) packs.push(roots);
      else for (const root of roots) packs.push([root]);
    }
    for (const pack of packs) {
      const call = nestOf(pack, placement);
      if (call !== undefined) this.#add(call, pending, 0);
      else for (const root of pack) if (root.kind === "reduce") this.#inTwo(root, placement, pending);
    }
  }

  /** Writes what is reduced to memory first: there its dimensions join as a reduction needs them. */
  #inTwo(root: ReduceNode, placement: Placement, pending: Pending): void {
    const copy: ElementwiseNode = {
      ...root.operand,
      operation: "copy",
      operands: [{ node: root.operand, layout: dense(root.operand.shape) }],
    };
    this.#bufferOf.set(copy, this.#newBuffer(copy, { kind: "scratch" }));
    const first = nestOf([copy], placement);
    const second = nestOf([{ ...root, operand: copy }], {
      isInMemory: (node) => node === copy,
      bufferOf: (node) => this.#buffer(node.kind === "reduce" ? root : node),
    });
    if (first === undefined || second === undefined)
      throw new Error("internal: no loops for a dense reduction");
    this.#add(first, pending, 0);
    this.#add(second, pending, 1);
  }

  /** A reduction that is cut into tiles leaves a result for each, which a call of the next stage joins. */
  #add(call: Call<Nest>, pending: Pending, stage: number): void {
    const { loops: nest } = call;
    const tiles = tilesOf(nest);
    if (tiles.count === 0) return; // of no elements
    const buffers = [...call.buffers];
    const reductions = nest.reductions.map((reduction): Reduction => {
      if (reduction.direction === "rows" || tiles.count <= 1) return reduction;
      const columns = reduction.direction === "columns" ? (nest.dimensions.at(-1) ?? 1) : 1;
      if (reduction.direction === "columns" && tiles.count === nest.groups) return reduction;
      const target = buffers[reduction.argument] ?? fail();
      const type = reduction.value.type;
      const shape = [tiles.count, columns];
      const partial = this.#newBuffer({ shape, type }, { kind: "scratch" });
      this.#add(
        joiningCall(reduction, type, [tiles.count, columns], nest, [partial, target]),
        pending,
        stage + 1,
      );
      return { ...reduction, argument: buffers.push(partial) - 1 };
    });
    this.#put({ buffers, loops: { ...nest, reductions } }, pending, stage);
  }

  #buffer(node: Node): number {
    const known = this.#bufferOf.get(node);
    if (known !== undefined) return known;
    if (node.kind === "number") throw new Error("internal: a number in memory");
    const fresh = this.#newBuffer(
      node,
      node.kind === "input"
        ? { kind: "input", position: node.position }
        : node.kind === "constant"
          ? { kind: "constant", elements: node.elements }
          : { kind: "scratch" },
    );
    this.#bufferOf.set(node, fresh);
    return fresh;
  }

  #newBuffer({ shape, type }: Pick<Node, "shape" | "type">, role: Buffer["role"]): number {
    return this.#buffers.push({ type, size: sizeOf(shape), role }) - 1;
  }
}

function fail(): never {
  throw new Error("internal: a nest without that argument");
}
