import { DataError } from "../dataError.ts";

/** Unsigned bytes of any shape. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Where the data of an idx file begins, and its shape. */
export interface IdxHeader {
  readonly shape: readonly number[];
  readonly headerBytes: number;
  /** Header and data. Exact up to 2^53, infinite or rounded beyond: compare it before you allocate. */
  readonly fileBytes: number;
}

/** Bytes that hold any header of up to 3 dimensions. */
export const longestIdxHeader = 16;

/**
 * The header of LeCun's idx layout: two zero bytes, the type (8: unsigned bytes), the number of dimensions, and
 * each dimension as a big-endian uint32. `bytes` needs to hold the header only.
 *
 * Throws `DataError` "damaged" for another magic, and "unsupported" for other types or more than 3 dimensions.
 */
export function parseIdxHeader(bytes: Uint8Array, source: string): IdxHeader {
  const [zero, nought, type, rank = 0] = bytes;
  if (bytes.length < 4 || zero !== 0 || nought !== 0) {
    throw new DataError(
      "damaged",
      `${source} is no idx file, which begins with two zero bytes: get the file again`,
    );
  }
  if (type !== 8 || rank < 1 || rank > 3) {
    throw new DataError(
      "unsupported",
      `${source} has idx type ${type} with ${rank} dimensions: give unsigned bytes (type 8) of 1 to 3`,
    );
  }
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    throw new DataError("damaged", `${source} ends inside its header: get the file again`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const fileBytes = headerBytes + shape.reduce((product, size) => product * size, 1);
  return { shape, headerBytes, fileBytes };
}

/** A whole idx file, as a view of `bytes`. Throws `DataError` as `parseIdxHeader`, and when the size is wrong. */
export function parseIdx(bytes: Uint8Array, source: string): IdxArray {
  const { shape, headerBytes, fileBytes } = parseIdxHeader(bytes, source);
  if (bytes.length !== fileBytes) {
    throw new DataError(
      "damaged",
      `${source} has ${bytes.length} bytes, but its header [${shape}] says ${fileBytes}: get the file again`,
    );
  }
  return { shape, data: bytes.subarray(headerBytes) };
}
