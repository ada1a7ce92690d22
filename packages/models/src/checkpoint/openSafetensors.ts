import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { foreignFile } from "../files/foreignFile.ts";
import { headerLength, PREFIX, readHeader } from "./readHeader.ts";
import { readRange, readRangeSync } from "./readRange.ts";
import { SafetensorsError, shown } from "./safetensorsError.ts";
import { layoutSource, type SyncTensorSource } from "./tensorSource.ts";

const INDEX = "model.safetensors.index.json";
/** Hugging Face's name, and that of our own checkpoints. */
const SINGLE = ["model.safetensors", "params.safetensors"];
/** Larger is no index of file names. */
const LONGEST_INDEX = 100_000_000;

/**
 * Opens a `.safetensors` file, an index of shards (`model.safetensors.index.json`), or a folder with either, as
 * Hugging Face writes them; in a checkpoint of ours the file is `params.safetensors`. Only headers are read; `read` (or
 * `readSync`) then takes one tensor's bytes from its place. Close it.
 *
 * Rejects with `SafetensorsError` that names the file, and the tensor where one is wrong.
 */
export async function openSafetensors(path: string): Promise<SyncTensorSource> {
  return openSafetensorsSync(path);
}

/** `openSafetensors`, now. Throws what that rejects with. */
export function openSafetensorsSync(path: string): SyncTensorSource {
  const kind = kindOf(path);
  if (kind === "file") return path.endsWith(".json") ? openIndex(path) : openFile(path);
  if (kind === "folder") {
    if (kindOf(join(path, INDEX)) === "file") return openIndex(join(path, INDEX));
    const single = SINGLE.find((name) => kindOf(join(path, name)) === "file");
    if (single !== undefined) return openFile(join(path, single));
    throw new SafetensorsError(`the folder ${path} has none of ${[INDEX, ...SINGLE].join(", ")}`);
  }
  throw new SafetensorsError(`there is no file or folder ${path}`);
}

function kindOf(path: string): "file" | "folder" | undefined {
  try {
    const found = statSync(path);
    if (!found.isFile() && !found.isDirectory()) {
      throw new SafetensorsError(
        `${path} is no ordinary file (a pipe or a device): write its content to a file first`,
      );
    }
    return found.isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

function openFile(path: string): SyncTensorSource {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw isMissing(error) ? new SafetensorsError(`there is no file ${path}`) : error;
  }
  try {
    const { size } = fstatSync(file);
    const prefix = readRangeSync(file, 0, Math.min(PREFIX, size));
    const foreign = foreignFile(new Uint8Array(readRangeSync(file, 0, Math.min(64, size))));
    if (foreign !== undefined) throw new SafetensorsError(`it ${foreign}`);
    const length = headerLength(new Uint8Array(prefix), size);
    const start = PREFIX + length;
    const header = readHeader(new Uint8Array(readRangeSync(file, PREFIX, start)), size - start);
    let open = true;
    return layoutSource(header, {
      read: (begin, end) =>
        readRange(file, start + begin, start + end).catch((error: unknown) => {
          throw named(path, error);
        }),
      readSync(begin, end) {
        try {
          return readRangeSync(file, start + begin, start + end);
        } catch (error) {
          throw named(path, error);
        }
      },
      async close() {
        if (open) closeSync(file); // twice would close what has got the number since
        open = false;
      },
    });
  } catch (error) {
    closeSync(file);
    throw named(path, error);
  }
}

/** All shards of an index as one source. */
function openIndex(path: string): SyncTensorSource {
  const fileOf = readIndex(path);
  const shards = new Map<string, SyncTensorSource>();
  const shardOf = (name: string): SyncTensorSource => {
    const shard = shards.get(fileOf.get(name) ?? "");
    if (shard === undefined) throw new Error(`there is no tensor "${name}"`);
    return shard;
  };
  const close = async (): Promise<void> => {
    for (const shard of shards.values()) await shard.close();
  };
  try {
    for (const file of new Set(fileOf.values())) {
      shards.set(file, openFile(join(dirname(path), file)));
    }
    const tensors = [...fileOf].map(([name, file]) => {
      const info = shards.get(file)?.tensors.get(name);
      if (info === undefined) {
        throw new SafetensorsError(
          `${path} says tensor ${shown(name)} is in ${file}, which does not have it`,
        );
      }
      return [name, info] as const;
    });
    for (const [file, { tensors: inShard }] of shards) {
      for (const name of inShard.keys()) {
        if (fileOf.get(name) === file) continue;
        throw new SafetensorsError(`${file} has tensor ${shown(name)}, which ${path} does not place there`);
      }
    }
    return {
      tensors: new Map(tensors),
      read: async (name) => shardOf(name).read(name),
      readSync: (name) => shardOf(name).readSync(name),
      close,
    };
  } catch (error) {
    void close();
    throw error;
  }
}

const besideIndex = /^[^/\\\0]+\.safetensors$/;

/** The file of each tensor. A file stands beside the index: a name with a folder in it is refused. */
function readIndex(path: string): Map<string, string> {
  if (statSync(path).size > LONGEST_INDEX) {
    throw new SafetensorsError(`${path} is longer than the ${LONGEST_INDEX} bytes an index may have`);
  }
  let index: unknown;
  try {
    index = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new SafetensorsError(`${path} is not JSON`, { cause });
  }
  const map = isObject(index) ? index.weight_map : undefined;
  if (!isObject(map)) throw new SafetensorsError(`${path} has no weight_map from tensor to file`);
  return new Map(
    Object.entries(map).map(([name, file]) => {
      if (typeof file !== "string" || !besideIndex.test(file)) {
        throw new SafetensorsError(
          `${path} places tensor ${shown(name)} in ${shown(file)}, which is no .safetensors file beside it`,
        );
      }
      return [name, file];
    }),
  );
}

function named(path: string, error: unknown): unknown {
  if (!(error instanceof SafetensorsError)) return error;
  return new SafetensorsError(`${path}: ${error.message}`, { cause: error });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
