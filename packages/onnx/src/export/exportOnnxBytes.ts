import { dtypeFacts } from "../arrays/dtype.ts";
import { ExportError } from "../arrays/errors.ts";
import { toModel } from "../graph/model.ts";
import { sizeOf } from "../graph/shape.ts";
import type { AnyFunction } from "../trace/trace.ts";
import { exportedGraph } from "./exportedGraph.ts";
import { WRITER } from "./exportMetadata.ts";
import type { ExportOptions } from "./exportOnnx.ts";

/** What a model may have in memory: a protobuf ends at 2 GB. */
const LONGEST = 2 ** 30;

/**
 * A function as the bytes of an ONNX model, for places without files, such as a page. Options and errors are those of
 * `exportOnnx`; weights that it closes over are in the bytes.
 *
 * @throws {ExportError} also for weights of more than 1 GiB.
 */
export function exportOnnxBytes(
  fn: AnyFunction,
  example: readonly unknown[],
  options: Omit<ExportOptions, "externalData"> = {},
): Uint8Array<ArrayBuffer> {
  const { graph, dims, weightNames } = exportedGraph(fn, example, options);
  const weights = new Set(graph.liveNodes().flatMap(({ inputs }) => inputs.filter((t) => t.constant)));
  const size = [...weights].reduce((sum, t) => sum + sizeOf(t.shape) * dtypeFacts[t.dtype].bytes, 0);
  if (size > LONGEST) throw new ExportError(`${size} bytes of weights do not fit into one model in memory`);
  const bytes = toModel(graph, {
    weightNames,
    ...(dims !== undefined && { dims }),
    name: options.name ?? (fn.name || "jax_js"),
    metadata: { ...WRITER, ...options.metadata },
  });
  return Uint8Array.from(bytes);
}
