import { constants, isUtf8 } from "node:buffer";
import { readBytes } from "../../files/readBytes.ts";
import { DataError } from "../dataError.ts";
import { expectPlainText } from "./expectPlainText.ts";
import { firstInvalidUtf8 } from "./firstInvalidUtf8.ts";

/**
 * A whole UTF-8 text file; a byte order mark is dropped, line ends are kept.
 *
 * Throws `DataError` when the file is missing, a folder, not readable, empty, longer than one string can be, or
 * not text: bytes that are not UTF-8 and NUL bytes are reported with their offset.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readBytes(path, constants.MAX_STRING_LENGTH, "a text file");
  if (bytes.length === 0)
    throw new DataError("empty", `${path} is empty: give a text file with some content`);
  expectPlainText(path, bytes);
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
