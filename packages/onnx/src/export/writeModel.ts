import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { basename } from "node:path";
import { dtypeFacts } from "../arrays/dtype.ts";
import type { Graph } from "../graph/graph.ts";
import { type ModelOptions, toModel } from "../graph/model.ts";
import { sizeOf } from "../graph/shape.ts";

const PROTOBUF_LIMIT = 2 ** 31 - 1;

/** Writes a graph as a file, large weights beside it where asked for or needed. Returns the files. */
export function writeModel(
  graph: Graph,
  file: string,
  { externalData, ...options }: ModelOptions & { readonly externalData: boolean | "auto" },
): string[] {
  const weights = new Set(graph.liveNodes().flatMap(({ inputs }) => inputs.filter((t) => t.constant)));
  const bytes = [...weights].reduce((sum, t) => sum + sizeOf(t.shape) * dtypeFacts[t.dtype].bytes, 0);
  const apart = externalData === true || (externalData === "auto" && bytes > PROTOBUF_LIMIT / 2);
  if (!apart) {
    writeFileSync(file, toModel(graph, options));
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
    const external = { fromBytes: SMALL, file: basename(dataFile), add };
    writeFileSync(file, toModel(graph, { ...options, external }));
  } finally {
    closeSync(descriptor);
  }
  return [file, dataFile];
}
