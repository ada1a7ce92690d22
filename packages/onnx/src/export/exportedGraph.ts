import { type ArgumentTree, leavesWithPaths, OpenSpec } from "../arrays/argumentTree.ts";
import { ExportError } from "../arrays/errors.ts";
import type { ConstantData, Graph, Tensor } from "../graph/graph.ts";
import { lower } from "../lower/lower.ts";
import type { Program } from "../lower/program.ts";
import { portable } from "../rewrite/rewrite.ts";
import { type AnyFunction, type Traced, trace } from "../trace/trace.ts";
import { type OpenGraph, openGraph } from "./openGraph.ts";
import type { SizeSources } from "./sizeNodes.ts";
import { symbolsOf, withSizes } from "./symbols.ts";

/** How inputs, outputs and weights are called. */
export interface ExportNames {
  readonly argumentNames?: readonly string[];
  readonly resultNames?: readonly string[];
  readonly weights?: ArgumentTree;
}

/** A graph ready to be written: its inputs in the order of the arguments, its outputs in that of the results. */
export interface ExportedGraph {
  readonly graph: Graph;
  readonly dims?: OpenGraph["dims"];
  readonly weightNames: ReadonlyMap<ConstantData, string>;
}

/** Where the sizes begin that stand for an open one. The first with which the function is one graph is good. */
const STARTS = [29, 11, 4, 2];

/** Sizes of each symbol for one of three traces, none in step with another's: an expression of one fits no other. */
const sizesFor = (symbols: readonly string[], start: number, trace: number): Map<string, number> =>
  new Map(symbols.map((name, i) => [name, start + 7 * i + trace * (2 + 3 * i) + (trace === 2 ? 1 + i : 0)]));

/** Traces and lowers a function, for every size of what its example leaves open. */
export function exportedGraph(
  fn: AnyFunction,
  example: readonly unknown[],
  names: ExportNames,
): ExportedGraph {
  const symbols = symbolsOf(example);
  if (symbols.length === 0) return sizedGraph(fn, example, names);
  const sources = sourcesOf(example, names, symbols);
  let failure: unknown;
  for (const start of STARTS) {
    try {
      const graphs = [0, 1, 2].map((trace) => {
        const sizes = sizesFor(symbols, start, trace);
        return { ...sizedGraph(fn, withSizes(example, sizes), names), sizes };
      });
      return { weightNames: graphs[0]?.weightNames ?? new Map(), ...openGraph(graphs, sources) };
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}

/** Where the size of each symbol can be read: from the first argument that has it. */
function sourcesOf(example: readonly unknown[], names: ExportNames, symbols: readonly string[]): SizeSources {
  const leaves = leavesWithPaths([...example]);
  return new Map(
    symbols.map((name) => {
      for (const [path, leaf] of leaves) {
        const axis = leaf instanceof OpenSpec ? leaf.symbols.indexOf(name) : -1;
        if (axis >= 0) return [name, { input: rename(path, names.argumentNames, "input"), axis }] as const;
      }
      throw new Error(`internal: no argument has the size "${name}"`);
    }),
  );
}

function sizedGraph(fn: AnyFunction, example: readonly unknown[], names: ExportNames): ExportedGraph {
  const traced = renamed(trace(fn, example), names);
  const program = lower(traced, portable);
  for (const constant of traced.constants) constant.dispose(); // `program.weights` only compares them
  const graph = onlyGraph(program);
  inArgumentOrder(program, graph);
  nameOutputs(program, traced, graph);
  const paths = new Map(leavesWithPaths(names.weights ?? {}).map(([path, leaf]) => [leaf, path]));
  const weightNames = new Map<ConstantData, string>();
  for (const [data, array] of program.weights) {
    const path = paths.get(array);
    if (path !== undefined) weightNames.set(data, path);
  }
  return { graph, weightNames };
}

function onlyGraph(program: Program): Graph {
  const cut = program.stages.find((stage) => stage.kind === "cut");
  if (cut?.kind === "cut") {
    const call = cut.calls[0];
    throw new ExportError(
      `"${call?.primitive}" has no ONNX operator (equation ${(call?.index ?? 0) + 1} of ${program.equations})\n` +
        "  remedy: export the parts before and after it, or compute it outside the exported function",
    );
  }
  const graph = program.stages[0]?.kind === "graph" ? program.stages[0].graph : undefined;
  if (graph === undefined)
    throw new ExportError("the function computes nothing: its results are its arguments");
  return graph;
}

/** Adds the inputs that nothing reads, and puts all of them in the order of the arguments. */
function inArgumentOrder(program: Program, graph: Graph): void {
  const ordered = program.inputs.flatMap((slot): Tensor[] => {
    const { name, dtype, shape } = program.slots[slot] ?? {};
    if (name === undefined || !dtype || !shape) return [];
    return [graph.inputs.find(({ input }) => input === name) ?? graph.input(name, dtype, shape)];
  });
  graph.inputs.splice(0, graph.inputs.length, ...ordered);
}

function nameOutputs(program: Program, traced: Traced, graph: Graph): void {
  const used = new Set(graph.inputs.map(({ input }) => input));
  const outputs = program.outputs.map((slot, i) => {
    const wanted = traced.outputs[i]?.path ?? "";
    const known = graph.outputs.find(({ name }) => name === program.slots[slot]?.name);
    const input = graph.inputs.find((tensor) => tensor.input === program.slots[slot]?.name);
    const tensor = known?.tensor ?? input;
    if (tensor === undefined) throw new Error(`internal: no tensor for output "${wanted}"`);
    let name = used.has(wanted) ? `${wanted}.next` : wanted;
    while (used.has(name)) name += "_";
    used.add(name);
    return { name, tensor };
  });
  graph.outputs.splice(0, graph.outputs.length, ...outputs);
}

/** A path with the first part, a position, replaced by the name it was given. */
function rename(path: string, names: readonly string[] | undefined, empty: string): string {
  const [first = "", ...rest] = path.split(".");
  const name = names?.[Number(first)] ?? first;
  return [name, ...rest].join(".") || (names?.[0] ?? empty);
}

const renamed = (traced: Traced, { argumentNames, resultNames }: ExportNames): Traced => ({
  ...traced,
  inputs: traced.inputs.map((s) => ({ ...s, path: rename(s.path, argumentNames, "input") })),
  outputs: traced.outputs.map((s) => ({ ...s, path: rename(s.path, resultNames, "output") })),
});
