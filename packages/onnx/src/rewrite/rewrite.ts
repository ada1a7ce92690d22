import { Graph, type Tensor, type TensorType } from "../graph/graph.ts";
import {
  difference,
  double,
  fromZero,
  negation,
  padsToConcat,
  quotient,
  scaleOfScale,
} from "./arithmetic.ts";
import { blockedConvolution } from "./blocked.ts";
import { convolutionByPlaces } from "./convolutionByPlaces.ts";
import { extreme, extremeOfWindows } from "./extremes.ts";
import { gemmSum } from "./gemmSum.ts";
import { indicator } from "./indicator.ts";
import { maskOfMask } from "./maskOfMask.ts";
import { addedOneHot, picked } from "./oneHot.ts";
import type { Candidate, Rewriter, Rule } from "./rule.ts";
import { scatterInto } from "./scatterInto.ts";
import { sigmoidBound, sigmoidGradient } from "./sigmoid.ts";
import { softmax, softmaxGradient } from "./softmax.ts";
import { tanh, tanhGradient } from "./tanh.ts";

/** Tried in this order; the first that answers wins. */
const RULES: readonly Rule[] = [
  tanh,
  tanhGradient,
  sigmoidGradient,
  sigmoidBound,
  softmaxGradient,
  softmax,
  indicator,
  maskOfMask,
  padsToConcat,
  negation,
  scatterInto,
  double,
  difference,
  scaleOfScale,
];

/** Tried after all of those, because they hide what those look for. */
const LAST_RULES: readonly Rule[] = [
  fromZero,
  quotient,
  gemmSum,
  picked,
  addedOneHot,
  extreme,
  extremeOfWindows,
];

/** What a graph will run on. */
export interface Target {
  /** Channels in a block of the runtime's own layout for convolutions, 0 for graphs that any runtime must read. */
  channelBlock(): number;
}

/** Any runtime. */
export const portable: Target = { channelBlock: () => 0 };

/**
 * The graph with chains of operators replaced by cheaper ones that compute the same, up to rounding.
 *
 * Nodes are copied in order, each offered to the rules with its inputs already rewritten, so that rules build
 * on each other. What is no longer needed falls away when the graph is serialised.
 */
export function rewrite(graph: Graph, target: Target): Graph {
  // The blocked kernel shares out a small product over threads better, and is slow where the kernel is an image.
  const convolutions = [
    convolutionByPlaces(16, 32),
    blockedConvolution(target.channelBlock),
    convolutionByPlaces(4),
  ];
  return pass(pass(graph, RULES), [...LAST_RULES, ...convolutions]);
}

function pass(graph: Graph, rules: readonly Rule[]): Graph {
  const g = new Graph();
  const known = new Map<Tensor, Tensor>();
  const counts = new Map<Tensor, number>();
  const count = (tensor: Tensor, n: number): void => void counts.set(tensor, (counts.get(tensor) ?? 0) + n);
  const before = new Map<Tensor, number>();
  const nodes = graph.liveNodes();
  for (const { inputs } of nodes) for (const t of inputs) before.set(t, (before.get(t) ?? 0) + 1);
  for (const { tensor } of graph.outputs) before.set(tensor, (before.get(tensor) ?? 0) + 1);
  const map = (tensor: Tensor): Tensor => {
    const found = known.get(tensor);
    if (found !== undefined) return found;
    if (tensor.constant === undefined) throw new Error("internal: a node before its input");
    return g.constant(tensor.dtype, tensor.shape, tensor.constant);
  };
  const make = (
    op: string,
    inputs: readonly Tensor[],
    type: TensorType,
    attributes: Candidate["attributes"] = {},
  ): Tensor => {
    for (const rule of rules) {
      const replaced = rule({ op, inputs, attributes, type }, rewriter);
      if (replaced !== undefined) return replaced;
    }
    return g.emit(op, inputs, type, attributes);
  };
  const rewriter: Rewriter = { g, make, uses: (tensor) => counts.get(tensor) ?? 1 };

  for (const tensor of graph.inputs) {
    const input = g.input(tensor.input ?? "", tensor.dtype, tensor.shape);
    known.set(tensor, input);
    count(input, before.get(tensor) ?? 0);
  }
  for (const node of nodes) {
    g.equation = node.equation;
    const inputs = node.inputs.map(map);
    const [only, ...more] = node.outputs;
    if (only === undefined) continue;
    const outputs =
      more.length > 0
        ? g.emitMany(node.op, inputs, node.outputs, node.attributes)
        : [make(node.op, inputs, only, node.attributes)];
    for (const [i, old] of node.outputs.entries()) {
      const tensor = outputs[i];
      if (tensor === undefined) continue;
      known.set(old, tensor);
      count(tensor, before.get(old) ?? 0);
    }
  }
  g.equation = -1;
  for (const { name, tensor } of graph.outputs) g.output(name, map(tensor));
  return g;
}
