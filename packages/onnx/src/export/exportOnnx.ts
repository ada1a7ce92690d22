import type { ArgumentTree } from "../arrays/argumentTree.ts";
import type { AnyFunction } from "../trace/trace.ts";
import { exportedGraph } from "./exportedGraph.ts";
import { WRITER } from "./exportMetadata.ts";
import { writeModel } from "./writeModel.ts";

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

/**
 * Writes a function as an ONNX model that any runtime can load. Inputs and outputs are named by their place
 * in the argument and result trees, inputs in the order of the arguments; where both would have one name, the output's
 * ends in ".next". Arrays that the function closes over become weights in the file. `example`: arguments or placeholders
 * (`spec`), only their shapes matter and they are not used up.
 *
 * A name instead of a number in a placeholder's shape, `spec(["batch", 784])`, leaves that size open: the model takes any
 * size of at least 1 there. The function is traced for a few sizes and may depend on them in its shapes, and by means
 * over them, only.
 *
 * @throws {ExportError} if the function holds equations without an ONNX operator (Cholesky, LU, triangular
 *   solve, eigendecomposition), or depends on an open size otherwise.
 * @throws {ArgumentError} for a size that is neither a whole number of at least 0 nor a name.
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
  const { graph, dims, weightNames } = exportedGraph(fn, example, options);
  const files = writeModel(graph, file, {
    weightNames,
    dims,
    name: options.name ?? (fn.name || "jax_js"),
    metadata: { ...WRITER, ...options.metadata },
    externalData: options.externalData ?? "auto",
  });
  return {
    files,
    inputs: graph.inputs.map(({ input }) => input ?? ""),
    outputs: graph.outputs.map(({ name }) => name),
  };
}
