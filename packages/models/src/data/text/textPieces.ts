import { type FileHandle, open } from "node:fs/promises";
import { fileError } from "../../files/fileError.ts";
import { DataError } from "../dataError.ts";
import { expectPlainText } from "./expectPlainText.ts";
import type { TextPiece } from "./textPiece.ts";

const usualBytes = 2 ** 22;

/**
 * A text file of any length in pieces of about `pieceBytes`, cut after line ends where there are any, so that no word
 * is cut for a tokenizer. A byte order mark is dropped.
 *
 * Throws `DataError` as `readTextFile`, but says only in which part of the file the fault is.
 */
export async function* textPieces(path: string, pieceBytes = usualBytes): AsyncGenerator<TextPiece> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    throw fileError(error, path, "a text file");
  }
  try {
    const utf8 = new TextDecoder("utf-8", { fatal: true });
    const chunk = new Uint8Array(pieceBytes);
    let rest = "";
    for (let position = 0; ; ) {
      const { bytesRead } = await file.read(chunk, 0, pieceBytes, position);
      const bytes = chunk.subarray(0, bytesRead);
      if (position === 0) expectPlainText(path, bytes);
      const text = rest + decode(utf8, bytes, position, path);
      position += bytesRead;
      if (bytesRead === 0) {
        yield { text, last: true };
        return;
      }
      // A line longer than several pieces is cut anywhere rather than collected.
      const cut = text.length > 4 * pieceBytes ? wholeCharacters(text) : text.lastIndexOf("\n") + 1;
      if (cut > 0) yield { text: text.slice(0, cut), last: false };
      rest = text.slice(cut);
    }
  } catch (error) {
    throw fileError(error, path, "a text file");
  } finally {
    await file.close();
  }
}

/** The length without a leading half of a surrogate pair at the end. */
function wholeCharacters(text: string): number {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00 ? text.length - 1 : text.length;
}

function decode(utf8: TextDecoder, bytes: Uint8Array, position: number, path: string): string {
  const where = `bytes ${position} … ${position + bytes.length}`;
  if (bytes.includes(0)) {
    throw new DataError(
      "notText",
      `${path} is a binary file (a zero byte in ${where}): give a plain text file in UTF-8`,
    );
  }
  try {
    return utf8.decode(bytes, { stream: bytes.length > 0 });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DataError(
      "notText",
      `${path} is not UTF-8 (in or just before ${where}): convert it, ` +
        "for example with iconv -f LATIN1 -t UTF-8, or give another file",
      { cause: error },
    );
  }
}
