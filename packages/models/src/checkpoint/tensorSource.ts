import { decodeTensor } from "./decodeTensor.ts";
import { type ElementType, elementTypes, storedType } from "./elementType.ts";
import type { HostTensor, HostTensors, TensorType } from "./hostTensor.ts";
import { type Header, headerLength, type Layout, PREFIX, readHeader } from "./readHeader.ts";

/** What is known of a tensor before its numbers are read. */
export interface TensorInfo {
  readonly shape: readonly number[];
  /** The type in the file, `BF16`. */
  readonly stored: ElementType;
  /** The type `read` gives, `float32`. */
  readonly dtype: TensorType;
}

/** Tensors that are read one by one, so that a checkpoint need not be held whole. */
export interface TensorSource {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** What the file says of itself. Of several files nothing. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The numbers of one tensor. Throws for a name that `tensors` does not have. */
  read(name: string): Promise<HostTensor>;
  /** Gives up files. */
  close(): Promise<void>;
}

/** A source that can also be read while nothing may be waited for, as where a model makes its parameters. */
export interface SyncTensorSource extends TensorSource {
  /** What `read` gives, now. */
  readSync(name: string): HostTensor;
}

/** Tensors in memory as a source; their data is handed out as it is, without a copy. */
export function tensorsSource(tensors: HostTensors): SyncTensorSource {
  const found = new Map(Object.entries(tensors));
  const info = ({ shape, dtype }: HostTensor): TensorInfo => ({ shape, stored: storedType[dtype], dtype });
  return {
    tensors: new Map([...found].map(([name, tensor]) => [name, info(tensor)])),
    read: async (name) => at(found, name),
    readSync: (name) => at(found, name),
    close: async () => {},
  };
}

/** The bytes of a safetensors file as a source. Throws `SafetensorsError` when its header is wrong. */
export function safetensorsSource(bytes: Uint8Array): SyncTensorSource {
  const length = headerLength(bytes.subarray(0, PREFIX), bytes.length);
  const start = PREFIX + length;
  const header = readHeader(bytes.subarray(PREFIX, start), bytes.length - start);
  const readSync = (begin: number, end: number): ArrayBuffer =>
    new Uint8Array(bytes.subarray(start + begin, start + end)).buffer;
  return layoutSource(header, {
    read: async (begin, end) => readSync(begin, end),
    readSync,
    close: async () => {},
  });
}

/** Bytes begin … end − 1 of a file's data, counted from the end of the header, in a buffer of their own. */
export interface RangeReader {
  read(begin: number, end: number): Promise<ArrayBuffer>;
  readSync(begin: number, end: number): ArrayBuffer;
  close(): Promise<void>;
}

/** A source over data that is read by ranges. */
export function layoutSource({ layouts, metadata }: Header, data: RangeReader): SyncTensorSource {
  const found = new Map(layouts.map((layout) => [layout.name, layout]));
  const info = ({ shape, stored }: Layout): TensorInfo => ({
    shape,
    stored,
    dtype: elementTypes[stored].dtype,
  });
  return {
    tensors: new Map([...found].map(([name, layout]) => [name, info(layout)])),
    metadata,
    async read(name) {
      const layout = at(found, name);
      return decodeTensor(layout, await data.read(layout.begin, layout.end));
    },
    readSync(name) {
      const layout = at(found, name);
      return decodeTensor(layout, data.readSync(layout.begin, layout.end));
    },
    close: () => data.close(),
  };
}

function at<T>(found: ReadonlyMap<string, T>, name: string): T {
  const value = found.get(name);
  if (value === undefined) throw new Error(`there is no tensor "${name}"`);
  return value;
}
