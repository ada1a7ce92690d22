import { grad, type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { spec } from "../src/arrays/argumentTree.ts";
import type { Graph, Node, Tensor } from "../src/graph/graph.ts";
import { frugalOrder, runOrder } from "../src/graph/runOrder.ts";
import { sizeOf } from "../src/graph/shape.ts";
import { lower } from "../src/lower/lower.ts";
import { portable } from "../src/rewrite/rewrite.ts";
import { type AnyFunction, trace } from "../src/trace/trace.ts";

function graphOf(fn: AnyFunction, ...example: unknown[]): Graph {
  const [stage] = lower(trace(fn, example), portable).stages;
  if (stage?.kind !== "graph") throw new Error("no graph");
  return stage.graph;
}

/** In which order the runtime runs nodes with these numbers, as its source has it. */
function asTheRuntime(numbered: readonly Node[]): Node[] {
  const number = new Map(numbered.map((node, i) => [node, i]));
  const before = (node: Node): Node[] =>
    [...new Set(node.inputs.flatMap((t) => t.node ?? []))].sort(
      (a, b) => (number.get(a) ?? 0) - (number.get(b) ?? 0),
    );
  const read = new Set(numbered.flatMap(before));
  const order: Node[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    for (const input of before(node).toReversed()) visit(input);
    order.push(node);
  };
  for (const node of numbered.toReversed()) if (!read.has(node)) visit(node);
  return order;
}

/** The most elements that are held at a time. */
function peakOf(graph: Graph, order: readonly Node[]): number {
  const outputs = new Set(graph.outputs.map(({ tensor }) => tensor));
  const last = new Map<Tensor, number>();
  for (const [i, { inputs }] of order.entries()) for (const tensor of inputs) last.set(tensor, i);
  let [held, peak] = [0, 0];
  for (const [i, node] of order.entries()) {
    for (const tensor of node.outputs) if (!outputs.has(tensor)) held += sizeOf(tensor.shape);
    peak = Math.max(peak, held);
    for (const tensor of new Set(node.inputs))
      if (last.get(tensor) === i && tensor.node !== undefined && !outputs.has(tensor))
        held -= sizeOf(tensor.shape);
  }
  return peak;
}

const sorted = (order: readonly Node[]): boolean => {
  const seen = new Set<Node>();
  return order.every((node) => {
    seen.add(node);
    return node.inputs.every((t) => t.node === undefined || (t.node !== node && seen.has(t.node)));
  });
};

const depth = 12;
const [rows, width] = [64, 16];

/** Gradients of all weights of a deep linear network, and their norm, which reads them all. */
function network(): Graph {
  const loss = (weights: JaxArray[], x: JaxArray): JaxArray =>
    np.sum(np.square(weights.reduce((h, w) => np.matmul(h, w.transpose()), x)));
  const step = (weights: JaxArray[], x: JaxArray): unknown => {
    const gradients = grad(loss)(weights, x) as JaxArray[];
    const squares = gradients.map((g) => np.sum(np.square(g.ref)));
    return [gradients, squares.reduce((a, b) => a.add(b))];
  };
  const weights = Array.from({ length: depth }, () => spec([width, width]));
  return graphOf(step, weights, spec([rows, width]));
}

describe("runOrder", () => {
  test("has every node once, in an order that can run", () => {
    const graph = network();
    const order = frugalOrder(graph);
    expect(new Set(order)).toEqual(new Set(graph.liveNodes()));
    expect(order).toHaveLength(graph.liveNodes().length);
    expect(sorted(order)).toBe(true);
    expect(sorted(asTheRuntime(runOrder(graph)))).toBe(true);
  });

  test("a gradient of weights is computed as soon as its layer's turn has come", () => {
    const graph = network();
    const activations = depth * rows * width;
    const [numbered, plain] = [runOrder(graph), graph.liveNodes()].map((nodes) =>
      peakOf(graph, asTheRuntime(nodes)),
    );
    // What the forward pass leaves, the input of each layer, and a few arrays of one layer.
    expect(numbered).toBeLessThan(activations + 4 * rows * width);
    expect(plain).toBeGreaterThan(1.7 * activations);
  });

  test("what needs nothing but inputs is computed when it is wanted", () => {
    const fn = (x: JaxArray, y: JaxArray): JaxArray => {
      const early = np.sin(y);
      const long = np.cos(np.sin(np.cos(np.sin(x.mul(2)))));
      return long.mul(early);
    };
    const graph = graphOf(fn, spec([400, 400]), spec([400, 400]));
    const names = asTheRuntime(runOrder(graph)).map(({ op, inputs }) => `${op} ${inputs[0]?.input ?? ""}`);
    expect(names.indexOf("Sin 1")).toBe(names.length - 2);
  });
});
