import type { HostTensor, HostTensors, TensorType } from "../engine/hostTensor.ts";
import { tensorFormat, typeOfName } from "./tensorFormat.ts";

/** Bytes that are no safetensors file, or one that says impossible things. */
export class SafetensorsError extends Error {
  override readonly name = "SafetensorsError";
}

const LONGEST_HEADER = 100_000_000;

/**
 * The tensors of a safetensors file, in the order of its header. The bytes are not trusted: every length and
 * offset is checked before it is used, tensors must follow one another without gap or overlap up to the end,
 * and nothing larger than the file is allocated. Throws `SafetensorsError` that says which tensor is wrong.
 */
export function decodeSafetensors(bytes: Uint8Array): HostTensors {
  const header = readHeader(bytes);
  const start = 8 + header.length;
  const size = bytes.length - start;
  const entries = Object.entries(header.value).filter(([name]) => name !== "__metadata__");
  const layouts = entries.map(([name, entry]) => readLayout(name, entry, size));

  let expected = 0;
  for (const { name, begin, end } of [...layouts].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== expected) {
      const what = begin < expected ? "overlaps the one before" : "leaves a gap before it";
      throw new SafetensorsError(`tensor "${name}" ${what}: it begins at ${begin}, expected ${expected}`);
    }
    expected = end;
  }
  if (expected !== size) {
    throw new SafetensorsError(`the tensors end at byte ${expected} of the data, which has ${size}`);
  }
  return Object.fromEntries(
    layouts.map(({ name, dtype, shape, begin, end }) => [
      name,
      // a copy of its own, aligned; `slice` of a Buffer would be a view
      view(dtype, shape, new Uint8Array(bytes.subarray(start + begin, start + end)).buffer),
    ]),
  );
}

function readHeader(bytes: Uint8Array): { length: number; value: Record<string, unknown> } {
  if (bytes.length < 8)
    throw new SafetensorsError(`a safetensors file has at least 8 bytes, this one ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > Math.min(LONGEST_HEADER, bytes.length - 8)) {
    throw new SafetensorsError(`the header claims ${length} bytes, but only ${bytes.length - 8} follow`);
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
  } catch (cause) {
    throw new SafetensorsError("the header is not JSON", { cause });
  }
  if (!isObject(value)) throw new SafetensorsError("the header is not a JSON object");
  return { length, value };
}

interface Layout {
  readonly name: string;
  readonly dtype: TensorType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readLayout(name: string, entry: unknown, size: number): Layout {
  if (!isObject(entry)) throw new SafetensorsError(`tensor "${name}" is not described by an object`);
  const dtype = typeOfName(entry.dtype);
  if (dtype === undefined) {
    throw new SafetensorsError(
      `tensor "${name}" has element type ${JSON.stringify(entry.dtype)}, which is not known`,
    );
  }
  const { shape, data_offsets: offsets } = entry;
  if (!isCounts(shape)) throw new SafetensorsError(`tensor "${name}" has shape ${JSON.stringify(shape)}`);
  const [begin, end] = isCounts(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end || end > size) {
    throw new SafetensorsError(
      `tensor "${name}" has offsets ${JSON.stringify(offsets)}, which do not lie in the ${size} bytes of data`,
    );
  }
  const needed = shape.reduce((product, side) => product * side, tensorFormat[dtype].bytes);
  if (needed !== end - begin) {
    throw new SafetensorsError(
      `tensor "${name}" [${shape}] needs ${needed} bytes, its offsets give it ${end - begin}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function view(dtype: TensorType, shape: readonly number[], buffer: ArrayBuffer): HostTensor {
  switch (dtype) {
    case "float32":
      return { dtype, shape, data: new Float32Array(buffer) };
    case "float64":
      return { dtype, shape, data: new Float64Array(buffer) };
    case "int32":
      return { dtype, shape, data: new Int32Array(buffer) };
    case "uint32":
      return { dtype, shape, data: new Uint32Array(buffer) };
    case "bool":
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
