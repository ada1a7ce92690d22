import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { decompress as unzstd } from "fzstd";
import { DataError } from "../../data/dataError.ts";
import { unsnappy } from "./snappy.ts";

/** Pages are usually 1 MiB; a single document can be longer. */
export const mostPageBytes = 2 ** 28;

/**
 * By how much each method can enlarge, with room for headers: a snappy copy makes 64 bytes from 3, deflate 258 from 2
 * bits. Zstandard and Brotli repeat one byte as often as they like.
 */
const mostGrowth: Record<string, number> = { SNAPPY: 22, GZIP: 1032 };

/**
 * A page as it was before compression: exactly `length` bytes, which are only allocated when `bytes` can hold them.
 * Throws `DataError` for damaged data and for methods we cannot undo.
 */
export function decompress(bytes: Uint8Array, length: number, codec: string, path: string): Uint8Array {
  const most = Math.min(mostPageBytes, (mostGrowth[codec] ?? Infinity) * (bytes.length + 64));
  if (!(length >= 0 && length <= most)) {
    throw new DataError(
      "damaged",
      `${path}: a page of ${bytes.length} bytes cannot hold ${length} (${codec}): get the file again`,
    );
  }
  try {
    const page = decoders[codec]?.(bytes, length);
    if (page === undefined) {
      throw new DataError(
        "unsupported",
        `${path} is compressed with ${codec}: rewrite it with one of ${Object.keys(decoders).join(", ")}`,
      );
    }
    if (page.length !== length) throw new Error(`a page has ${page.length} bytes, expected ${length}`);
    return page;
  } catch (error) {
    if (error instanceof DataError || !(error instanceof Error)) throw error;
    throw new DataError("damaged", `${path} is damaged (${codec}: ${error.message}): get the file again`, {
      cause: error,
    });
  }
}

const decoders: Record<string, (bytes: Uint8Array, length: number) => Uint8Array> = {
  UNCOMPRESSED: (bytes) => bytes,
  SNAPPY: unsnappy,
  GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(1, length) }),
  ZSTD(bytes, length) {
    const stated = zstdContentSize(bytes);
    if (stated !== undefined && stated !== length) throw new Error(`its frame says ${stated} bytes`);
    return unzstd(bytes, new Uint8Array(length)); // with a place to write to, it allocates no window
  },
  BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
};

/** What a Zstandard frame says of its content (RFC 8878, 3.1.1.1), where it does. */
function zstdContentSize(bytes: Uint8Array): number | undefined {
  const descriptor = bytes[4] ?? 0;
  const single = (descriptor >> 5) & 1;
  const flag = descriptor >> 6;
  const width = flag === 0 ? single : 2 ** flag;
  if (width === 0) return undefined;
  const from = 5 + (1 - single) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  let size = width === 2 ? 256 : 0;
  for (let i = 0; i < width; i++) size += (bytes[from + i] ?? 0) * 256 ** i;
  return size;
}
