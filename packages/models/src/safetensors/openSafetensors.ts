import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { headerLength, PREFIX, readHeader } from "./header.ts";
import { SafetensorsError, shown } from "./safetensorsError.ts";
import { layoutSource, type TensorSource } from "./tensorSource.ts";

const INDEX = "model.safetensors.index.json";
const SINGLE = "model.safetensors";
/** Larger is no index of file names. */
const LONGEST_INDEX = 100_000_000;

/**
 * Opens a `.safetensors` file, an index of shards (`model.safetensors.index.json`), or a folder with either, as
 * Hugging Face writes them. Only headers are read; `read` then takes one tensor's bytes from its place. Close it.
 *
 * Throws `SafetensorsError` that names the file, and the tensor where one is wrong.
 */
export async function openSafetensors(path: string): Promise<TensorSource> {
  const kind = await kindOf(path);
  if (kind === "file") return path.endsWith(".json") ? openIndex(path) : openFile(path);
  if (kind === "folder") {
    if ((await kindOf(join(path, INDEX))) === "file") return openIndex(join(path, INDEX));
    if ((await kindOf(join(path, SINGLE))) === "file") return openFile(join(path, SINGLE));
    throw new SafetensorsError(`the folder ${path} has neither ${INDEX} nor ${SINGLE}`);
  }
  throw new SafetensorsError(`there is no file or folder ${path}`);
}

async function kindOf(path: string): Promise<"file" | "folder" | undefined> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");

async function openFile(path: string): Promise<TensorSource> {
  const file = await open(path, "r").catch((error: unknown) => {
    throw isMissing(error) ? new SafetensorsError(`there is no file ${path}`) : error;
  });
  try {
    const { size } = await file.stat();
    const prefix = await readRange(file, 0, Math.min(PREFIX, size));
    const length = headerLength(new Uint8Array(prefix), size);
    const start = PREFIX + length;
    const header = readHeader(new Uint8Array(await readRange(file, PREFIX, start)), size - start);
    return layoutSource(header, {
      read: (begin, end) => naming(path, () => readRange(file, start + begin, start + end)),
      close: () => file.close(),
    });
  } catch (error) {
    await file.close();
    throw error instanceof SafetensorsError ? named(path, error) : error;
  }
}

/** Bytes begin … end − 1 in a buffer of their own; a file that has become shorter is an error. */
async function readRange(file: FileHandle, begin: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin);
  for (let done = 0; done < bytes.length; ) {
    // One read takes at most 2³¹ − 1 bytes.
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), begin + done);
    if (bytesRead === 0) {
      throw new SafetensorsError(`it ends at byte ${begin + done}, ${bytes.length - done} bytes early`);
    }
    done += bytesRead;
  }
  return bytes.buffer;
}

/** All shards of an index as one source. */
async function openIndex(path: string): Promise<TensorSource> {
  const fileOf = await readIndex(path);
  const shards = new Map<string, TensorSource>();
  const close = async (): Promise<void> => {
    for (const shard of shards.values()) await shard.close();
  };
  try {
    for (const file of new Set(fileOf.values())) {
      shards.set(file, await openFile(join(dirname(path), file)));
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
      async read(name) {
        const shard = shards.get(fileOf.get(name) ?? "");
        if (shard === undefined) throw new Error(`there is no tensor "${name}"`);
        return shard.read(name);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const besideIndex = /^[^/\\\0]+\.safetensors$/;

/** The file of each tensor. A file stands beside the index: a name with a folder in it is refused. */
async function readIndex(path: string): Promise<Map<string, string>> {
  if ((await stat(path)).size > LONGEST_INDEX) {
    throw new SafetensorsError(`${path} is longer than the ${LONGEST_INDEX} bytes an index may have`);
  }
  let index: unknown;
  try {
    index = JSON.parse(await readFile(path, "utf8"));
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

async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SafetensorsError ? named(path, error) : error;
  }
}

const named = (path: string, error: SafetensorsError): SafetensorsError =>
  new SafetensorsError(`${path}: ${error.message}`, { cause: error });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
