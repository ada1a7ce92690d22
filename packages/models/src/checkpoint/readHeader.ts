import { type ElementType, elementTypes, isElementType } from "./elementType.ts";
import { SafetensorsError, shown } from "./safetensorsError.ts";

/** Where one tensor lies in the data of a file, and what it is. */
export interface Layout {
  readonly name: string;
  readonly stored: ElementType;
  readonly shape: readonly number[];
  /** First byte, counted from the end of the header. */
  readonly begin: number;
  /** One past the last byte. */
  readonly end: number;
}

export interface Header {
  /** In the order of the file's header. */
  readonly layouts: readonly Layout[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Some 130,000 tensors, more than any file has; the reference reads 100 MB, which take minutes and gigabytes. */
const LONGEST_HEADER = 2 ** 24;

/** Bytes before the header: its length. */
export const PREFIX = 8;

/**
 * The length of the header, from the first 8 bytes of a file of `fileSize` bytes. Throws `SafetensorsError` when
 * it is more than follows, or more than 16 MiB; nothing of that size has been allocated then.
 */
export function headerLength(prefix: Uint8Array, fileSize: number): number {
  if (prefix.length < PREFIX || fileSize < PREFIX) {
    throw new SafetensorsError(`a safetensors file has at least 8 bytes, this one ${fileSize}`);
  }
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true));
  const rest = fileSize - PREFIX;
  if (length > rest) {
    throw new SafetensorsError(`the header claims ${length} bytes, but only ${rest} follow`);
  }
  if (length > LONGEST_HEADER) {
    throw new SafetensorsError(`the header claims ${length} bytes; more than ${LONGEST_HEADER} are refused`);
  }
  return length;
}

/**
 * Reads a header. It is not trusted: names occur once, every size and offset is checked, and the tensors must follow
 * one another without gap or overlap up to the end of the `size` bytes of data, so that nothing larger than the file
 * can be asked for. Throws `SafetensorsError` that names the tensor that is wrong.
 */
export function readHeader(bytes: Uint8Array, size: number): Header {
  const value = parse(bytes);
  const { __metadata__: metadata = {}, ...entries } = value;
  if (!isObject(metadata) || !Object.values(metadata).every((text) => typeof text === "string")) {
    throw new SafetensorsError(`__metadata__ is not an object of strings: ${shown(metadata)}`);
  }
  const layouts = Object.entries(entries).map(([name, entry]) => readLayout(name, entry, size));
  let expected = 0;
  for (const { name, begin, end } of [...layouts].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== expected) {
      const what = begin < expected ? "overlaps the one before" : "leaves a gap before it";
      throw new SafetensorsError(
        `tensor ${shown(name)} ${what}: it begins at ${begin}, expected ${expected}`,
      );
    }
    expected = end;
  }
  if (expected !== size) {
    throw new SafetensorsError(`the tensors end at byte ${expected} of the data, which has ${size}`);
  }
  return { layouts, metadata: metadata as Record<string, string> };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw new SafetensorsError("the header is not JSON", { cause });
  }
  if (!isObject(value)) throw new SafetensorsError("the header is not a JSON object");
  const twice = repeatedKey(text);
  if (twice !== undefined) throw new SafetensorsError(`the header says ${shown(twice)} twice`);
  return value;
}

function readLayout(name: string, entry: unknown, size: number): Layout {
  const tensor = `tensor ${shown(name)}`;
  if (!isObject(entry)) throw new SafetensorsError(`${tensor} is not described by an object`);
  const { dtype: stored, shape, data_offsets: offsets } = entry;
  if (!isElementType(stored)) {
    throw new SafetensorsError(
      `${tensor} has element type ${shown(stored)}; known are ${Object.keys(elementTypes).join(", ")}`,
    );
  }
  if (!isCounts(shape)) throw new SafetensorsError(`${tensor} has shape ${shown(shape)}`);
  const [begin, end] = isCounts(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined || begin > end || end > size) {
    throw new SafetensorsError(
      `${tensor} has offsets ${shown(offsets)}, which do not lie in the ${size} bytes of data`,
    );
  }
  const needed = shape.reduce((product, side) => product * side, elementTypes[stored].bytes);
  if (needed !== end - begin) {
    throw new SafetensorsError(
      `${tensor} ${shown(shape)} of ${stored} needs ${needed} bytes, its offsets give it ${end - begin}`,
    );
  }
  return { name, stored, shape, begin, end };
}

/**
 * The first key that an object of this (valid) JSON has twice. `JSON.parse` keeps the last one silently, and two
 * readers that differ in this see two different files.
 */
function repeatedKey(json: string): string | undefined {
  const scopes: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const letter = json[i];
    if (letter === "{" || letter === "[") scopes.push(new Set());
    else if (letter === "}" || letter === "]") scopes.pop();
    else if (letter === '"') {
      const start = i++;
      while (json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
      let next = i + 1;
      while (" \t\n\r".includes(json[next] ?? "x")) next++;
      if (json[next] !== ":") continue;
      const key = JSON.parse(json.slice(start, i + 1)) as string;
      const scope = scopes.at(-1);
      if (scope?.has(key)) return key;
      scope?.add(key);
    }
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && side >= 0);
