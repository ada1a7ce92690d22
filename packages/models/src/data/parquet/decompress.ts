import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { ZSTDDecoder } from "zstddec";
import { DataError } from "../dataError.ts";
import { unsnappy } from "./unsnappy.ts";

/** Pages are usually 1 MiB; a single document can be longer. */
export const mostPageBytes = 2 ** 28;

/**
 * By how much each method can enlarge, with room for headers: a snappy copy makes 64 bytes from 3, deflate 258 from 2
 * bits. Zstandard and Brotli repeat one byte as often as they like.
 */
const mostGrowth: Record<string, number> = { SNAPPY: 22, GZIP: 1032 };

/** Gives a page as it was before compression: exactly `length` bytes, only allocated when `bytes` can hold them. */
export type Decompress = (bytes: Uint8Array, length: number) => Uint8Array;

/**
 * Undoes a compression method of Parquet. Asynchronous because Zstandard (the library of its authors, as WebAssembly) is only
 * made ready when asked for.
 *
 * Throws `DataError` for methods we cannot undo; what it gives throws one for damaged data.
 */
export async function decompressor(codec: string, path: string): Promise<Decompress> {
  const decode = decoders[codec];
  if (decode === undefined) {
    throw new DataError(
      "unsupported",
      `${path} is compressed with ${codec}: rewrite it with one of ${Object.keys(decoders).join(", ")}`,
    );
  }
  if (codec === "ZSTD") await zstd.init();
  return (bytes, length) => {
    const most = Math.min(mostPageBytes, (mostGrowth[codec] ?? Infinity) * (bytes.length + 64));
    if (!(length >= 0 && length <= most)) {
      throw new DataError(
        "damaged",
        `${path}: a page of ${bytes.length} bytes cannot hold ${length} (${codec}): get the file again`,
      );
    }
    try {
      const page = decode(bytes, length);
      if (page.length !== length) throw new Error(`a page has ${page.length} bytes, expected ${length}`);
      return page;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      throw new DataError("damaged", `${path} is damaged (${codec}: ${error.message}): get the file again`, {
        cause: error,
      });
    }
  };
}

const zstd = new ZSTDDecoder();

const decoders: Record<string, (bytes: Uint8Array, length: number) => Uint8Array> = {
  UNCOMPRESSED: (bytes) => bytes,
  SNAPPY: unsnappy,
  GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(1, length) }),
  ZSTD(bytes, length) {
    const page = length === 0 ? bytes.subarray(0, 0) : zstd.decode(bytes, length); // 0 would mean: look it up
    if (page.length !== length) throw new Error(`not ${length} bytes of Zstandard`);
    return page;
  },
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
};
