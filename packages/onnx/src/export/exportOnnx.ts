import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { type ArgumentTree, leavesWithPaths } from "../arrays/argumentTree.ts";
import { dtypeFacts } from "../arrays/dtype.ts";
import { ExportError } from "../arrays/errors.ts";
import type { ConstantData, Graph } from "../graph/graph.ts";
import { toModel } from "../graph/model.ts";
import { sizeOf } from "../graph/shape.ts";
import { lower } from "../lower/lower.ts";
import { portable } from "../rewrite/rewrite.ts";
import { type AnyFunction, type Traced, trace } from "../trace/trace.ts";
import { WRITER } from "./exportMetadata.ts";

export interface ExportOptions {
  /** Names for the arguments in order; default "0", "1", ... An input is called `params.blocks.0.query`. */
  readonly argumentNames?: readonly string[];
  /** Names for the elements of a result that is a list; default "0", "1", ... */
  readonly resultNames?: readonly string[];
  /** Name of the graph; default the function's. */
  readonly name?: string;
  /** The tree of arrays that `fn` closes over: each becomes a weight named by its path in it. Not used up. */
  readonly weights?: ArgumentTree;
  /** Key-value pairs for the model's metadata: versions, optimizer, phase. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * Arrays that `fn` closes over (weights, for inference) go to `<file>.data` beside the model: always, never,
   * or "auto", when they and the graph would not fit into the 2 GB that a protobuf may have. Default "auto".
   */
  readonly externalData?: boolean | "auto";
}

/** What was written. */
export interface ExportedModel {
  readonly files: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

const PROTOBUF_LIMIT = 2 ** 31 - 1;

/**
 * Writes a function as an ONNX model that any runtime can load. Inputs and outputs are named by their place
 * in the argument and result trees; where both would have one name, the output's ends in ".next".
 * Arrays that the function closes over become weights in the file. `example`: arguments or placeholders
 * (`spec`), only their shapes matter and they are not used up.
 *
 * @throws {ExportError} if the function holds equations without an ONNX operator (Cholesky, LU, triangular
 *   solve, eigendecomposition).
 *
 * @example
 * exportOnnx((tokens) => model.apply(tree.ref(params), tokens), [spec([1, 256], "int32")], "gpt.onnx", {
 *   argumentNames: ["tokens"],
 * });
 */
export function exportOnnx(
  fn: AnyFunction,
  example: readonly unknown[],
  file: string,
  options: ExportOptions = {},
): ExportedModel {
  const traced = renamed(trace(fn, example), options);
  const program = lower(traced, portable);
  for (const constant of traced.constants) constant.dispose(); // `program.weights` only compares them
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
  for (const slot of program.inputs) {
    const { name, dtype, shape } = program.slots[slot] ?? {};
    if (name !== undefined && dtype && shape && !graph.inputs.some(({ input }) => input === name))
      graph.input(name, dtype, shape);
  }
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
  const paths = new Map(leavesWithPaths(options.weights ?? {}).map(([path, leaf]) => [leaf, path]));
  const names = new Map<ConstantData, string>();
  for (const [data, array] of program.weights) {
    const path = paths.get(array);
    if (path !== undefined) names.set(data, path);
  }
  const files = write(graph, file, names, options, fn.name);
  return {
    files,
    inputs: graph.inputs.map(({ input }) => input ?? ""),
    outputs: outputs.map(({ name }) => name),
  };
}

/** Paths with the first part, a position, replaced by the name it was given. */
function renamed(traced: Traced, { argumentNames, resultNames }: ExportOptions): Traced {
  const rename = (path: string, names: readonly string[] | undefined, empty: string): string => {
    const [first = "", ...rest] = path.split(".");
    const name = names?.[Number(first)] ?? first;
    return [name, ...rest].join(".") || (names?.[0] ?? empty);
  };
  return {
    ...traced,
    inputs: traced.inputs.map((s) => ({ ...s, path: rename(s.path, argumentNames, "input") })),
    outputs: traced.outputs.map((s) => ({ ...s, path: rename(s.path, resultNames, "output") })),
  };
}

function write(
  graph: Graph,
  file: string,
  weightNames: ReadonlyMap<ConstantData, string>,
  options: ExportOptions,
  fallbackName: string,
): string[] {
  const weights = new Set(graph.liveNodes().flatMap(({ inputs }) => inputs.filter((t) => t.constant)));
  const bytes = [...weights].reduce((sum, t) => sum + sizeOf(t.shape) * dtypeFacts[t.dtype].bytes, 0);
  const { externalData = "auto" } = options;
  const apart = externalData === true || (externalData === "auto" && bytes > PROTOBUF_LIMIT / 2);
  const shared = {
    weightNames,
    name: options.name ?? (fallbackName || "jax_js"),
    metadata: { ...WRITER, ...options.metadata },
  };
  if (!apart) {
    writeFileSync(file, toModel(graph, shared));
    return [file];
  }
  const dataFile = `${file}.data`;
  const descriptor = openSync(dataFile, "w");
  let offset = 0;
  const ALIGNMENT = 4096; // a page, so that the runtime can map the file instead of reading it
  const add = (content: Uint8Array): number => {
    const at = offset;
    writeSync(descriptor, content, 0, content.byteLength, at);
    offset = Math.ceil((at + content.byteLength) / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  const SMALL = 1024;
  try {
    writeFileSync(
      file,
      toModel(graph, { ...shared, external: { fromBytes: SMALL, file: basename(dataFile), add } }),
    );
  } finally {
    closeSync(descriptor);
  }
  return [file, dataFile];
}
