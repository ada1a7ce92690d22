import { ExportError } from "../arrays/errors.ts";
import { type ConstantData, Graph, type Node, type Tensor } from "../graph/graph.ts";
import { nameOf, type Observed, type OpenSize, openSize } from "./openSize.ts";
import { SizeNodes, type SizeSources } from "./sizeNodes.ts";
import type { Sizes } from "./symbols.ts";

/** A graph lowered for some sizes. */
export interface SizedGraph {
  readonly graph: Graph;
  readonly sizes: Sizes;
}

export interface OpenGraph {
  readonly graph: Graph;
  /** The dimensions of inputs and outputs, by name where they are open. */
  readonly dims: ReadonlyMap<Tensor, readonly (number | string)[]>;
}

const depends = (what: string): ExportError =>
  new ExportError(
    `with a size left open the function is not one graph: ${what} depends on it\n` +
      "  remedy: give spec() a number instead of a name, or write the function so that only shapes depend on that size",
  );

/**
 * One graph for all sizes, made from the graphs for a few of them: they have to have the same nodes, and every shape and
 * number in which they differ is computed from the sizes of the inputs while the graph runs.
 *
 * Throws `ExportError` where that is not so.
 */
export function openGraph(graphs: readonly SizedGraph[], sources: SizeSources): OpenGraph {
  const [first, ...rest] = graphs;
  if (first === undefined) throw new Error("internal: no graph");
  const general = (values: readonly number[], kind: "whole" | "float", what: string): number | OpenSize => {
    const [value = Number.NaN] = values;
    if (values.every((other) => Object.is(other, value))) return value;
    const observed = graphs.map(({ sizes }, i): Observed => [values[i] ?? Number.NaN, sizes]);
    return openSize(observed, kind) ?? fail(depends(what));
  };
  /** The dimensions of a tensor by name; `twins`: what it is in every graph. */
  const named = (tensor: Tensor, twins: readonly Tensor[]): (number | string)[] =>
    tensor.shape.map((_, d) => {
      const lengths = twins.map(({ shape }) => shape[d] ?? -1);
      const size = general(lengths, "whole", "the rank of a result");
      return typeof size === "number" ? size : nameOf(size);
    });
  const g = new Graph();
  const dims = new Map<Tensor, readonly (number | string)[]>();
  const known = new Map<Tensor, Tensor>();
  const nodesOf = graphs.map(({ graph }) => graph.liveNodes());
  if (nodesOf.some(({ length }) => length !== nodesOf[0]?.length))
    throw depends("the number of its operators");
  for (const [i, tensor] of first.graph.inputs.entries()) {
    const input = g.input(tensor.input ?? "", tensor.dtype, tensor.shape);
    known.set(tensor, input);
    dims.set(
      input,
      named(
        tensor,
        graphs.map(({ graph }) => graph.inputs[i] ?? tensor),
      ),
    );
  }
  const sizes = new SizeNodes(g, sources);
  const constant = (twins: readonly Tensor[], reader: Node): Tensor => {
    const [tensor = fail(new Error("internal: no constant"))] = twins;
    const tables = twins.map((twin) => twin.constant ?? []);
    const [table = []] = tables;
    if (tables.every((other) => sameNumbers(table, other)))
      return g.constant(tensor.dtype, tensor.shape, table);
    if (twins.some(({ shape }) => String(shape) !== String(tensor.shape)))
      throw depends(`a table of ${reader.op}`);
    const kind = tensor.dtype === "int64" ? "whole" : "float";
    const values = Array.from(table, (_, k) =>
      general(
        tables.map((other) => other[k] ?? Number.NaN),
        kind,
        `a number of ${reader.op}`,
      ),
    );
    if (kind === "whole") return sizes.vector(values, reader.op === "Reshape");
    const [only] = values;
    if (values.length !== 1 || only === undefined || typeof only === "number" || tensor.dtype !== "float32")
      throw depends(`a table of ${reader.op}`);
    return sizes.scalar(only, tensor.shape);
  };
  for (const [n, node] of (nodesOf[0] ?? []).entries()) {
    const twins = nodesOf.map((nodes) => nodes[n] ?? node);
    if (twins.some((twin) => signature(twin) !== signature(node))) throw depends(`what ${node.op} does`);
    g.equation = node.equation;
    const inputs = node.inputs.map((tensor, i) =>
      tensor.constant
        ? constant(
            twins.map((twin) => twin.inputs[i] ?? tensor),
            node,
          )
        : (known.get(tensor) ?? fail(new Error("internal: a node before its input"))),
    );
    const outputs = g.emitMany(node.op, inputs, node.outputs, node.attributes);
    for (const [i, old] of node.outputs.entries()) {
      const made = outputs[i];
      if (made !== undefined) known.set(old, made);
    }
  }
  for (const [i, { name, tensor }] of first.graph.outputs.entries()) {
    const twins = [tensor, ...rest.map(({ graph }) => graph.outputs[i]?.tensor ?? tensor)];
    if (tensor.constant && twins.some(({ shape }) => String(shape) !== String(tensor.shape)))
      throw depends("a constant result");
    const made = known.get(tensor) ?? g.constant(tensor.dtype, tensor.shape, tensor.constant ?? []);
    g.output(name, made);
    dims.set(made, named(tensor, twins));
  }
  return { graph: g, dims };
}

/** What has to be the same in all graphs: operator, attributes, and which inputs are constants. */
const signature = ({ op, inputs, attributes }: Node): string =>
  `${op} ${inputs.map(({ constant }) => (constant ? "c" : "t"))} ${JSON.stringify(attributes)}`;

function sameNumbers(x: ConstantData, y: ConstantData): boolean {
  for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return false;
  return x.length === y.length;
}

function fail(error: Error): never {
  throw error;
}
