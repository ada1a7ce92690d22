import { constants, isUtf8 } from "node:buffer";
import { readFile, stat } from "node:fs/promises";
import { DataError } from "../data/dataError.ts";
import { firstInvalidUtf8 } from "./firstInvalidUtf8.ts";

/**
 * A whole UTF-8 text file; a byte order mark is dropped, line ends are kept.
 *
 * Throws `DataError` when the file is missing, a folder, not readable, empty, too large for one string, or
 * not text: bytes that are not UTF-8 and NUL bytes are reported with their offset.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readBytes(path);
  if (bytes.length === 0)
    throw new DataError("empty", `${path} is empty: give a text file with some content`);
  const zero = bytes.indexOf(0);
  const invalid = isUtf8(bytes) ? -1 : firstInvalidUtf8(bytes);
  if (zero !== -1 && (invalid === -1 || zero < invalid)) {
    throw new DataError(
      "notText",
      `${path} is a binary file (a zero byte at offset ${zero}): give a plain text file in UTF-8`,
    );
  }
  if (invalid !== -1) {
    const byte = (bytes[invalid] ?? 0).toString(16).padStart(2, "0");
    throw new DataError(
      "notText",
      `${path} is not UTF-8 (byte 0x${byte} at offset ${invalid}): convert it, ` +
        "for example with iconv -f LATIN1 -t UTF-8, or give another file",
    );
  }
  const text = new TextDecoder().decode(bytes);
  if (text === "")
    throw new DataError("empty", `${path} holds only a byte order mark: give a text with some content`);
  return text;
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > constants.MAX_STRING_LENGTH) {
      throw new DataError(
        "unreadable",
        `${path} has ${size} bytes, more than the ${constants.MAX_STRING_LENGTH} of one string: split it`,
      );
    }
    return await readFile(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    switch (error.code) {
      case "ENOENT":
      case "ENOTDIR":
        throw new DataError("missing", `there is no file ${path}: check the path`, { cause: error });
      case "EISDIR":
        throw new DataError("unreadable", `${path} is a folder: give a text file`, { cause: error });
      default:
        throw new DataError(
          "unreadable",
          `cannot read ${path} (${String(error.code)}): check its permissions`,
          {
            cause: error,
          },
        );
    }
  }
}
