import { promisify } from "node:util";
import { constants, gunzip, gunzipSync } from "node:zlib";
import { readBytes } from "../../files/readBytes.ts";
import { DataError } from "../dataError.ts";
import { type IdxArray, longestIdxHeader, parseIdx, parseIdxHeader } from "./parseIdx.ts";

/** More than any set of small images; keeps a wrong file from filling the memory. */
const mostBytes = 2 ** 30;

/** Deflate turns one byte into at most 1032 (258 bytes from 2 bits). */
const mostInflation = 1032;

/**
 * An idx file, gzip-compressed or not (told by its first bytes, not its name).
 *
 * Throws `DataError` for what `parseIdx` refuses and for damaged gzip data. A compressed file is only inflated
 * as far as its header says, and not at all when the header says more than gzip can hold in its size. `check` gets the
 * whole content, header included.
 */
export async function readIdxFile(path: string, check?: (content: Uint8Array) => void): Promise<IdxArray> {
  const bytes = await readBytes(path, mostBytes, "an idx file");
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const content = zipped ? await inflate(bytes, path) : bytes;
  const parsed = parseIdx(content, path);
  check?.(content);
  return parsed;
}

async function inflate(bytes: Buffer, path: string): Promise<Uint8Array> {
  try {
    const beginning = gunzipSync(bytes.subarray(0, 4096), {
      finishFlush: constants.Z_SYNC_FLUSH, // a part of a stream is no error
      maxOutputLength: 4096 * mostInflation,
    });
    const { shape, fileBytes } = parseIdxHeader(beginning.subarray(0, longestIdxHeader), path);
    if (fileBytes > Math.min(mostBytes, bytes.length * mostInflation)) {
      throw new DataError(
        "damaged",
        `${path}: its header [${shape}] says ${fileBytes} bytes, which ${bytes.length} of gzip cannot hold`,
      );
    }
    return await promisify(gunzip)(bytes, { maxOutputLength: fileBytes });
  } catch (error) {
    if (error instanceof DataError || !(error instanceof Error)) throw error;
    throw new DataError("damaged", `${path} is damaged (${error.message}): get the file again`, {
      cause: error,
    });
  }
}
