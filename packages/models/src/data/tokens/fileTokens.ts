import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { fileError } from "../../files/fileError.ts";
import { DataError } from "../dataError.ts";
import { expectRange, type TokenSource } from "./tokenSource.ts";

/** Where tokens lie in a file: `count` little-endian ids of `width` bytes, from byte `offset` on. */
export interface TokenFile {
  readonly path: string;
  readonly offset: number;
  readonly count: number;
  readonly width: 2 | 4;
}

/**
 * The tokens of a file, read by position. The file is opened for each read (some 20 µs), so that nothing needs to
 * be closed and a thousand shards need no thousand handles.
 *
 * A read throws `DataError` when the file is gone or has become shorter.
 */
export function fileTokens({ path, offset, count, width }: TokenFile): TokenSource {
  const place = (start: number, end: number): { bytes: Uint8Array<ArrayBuffer>; position: number } => {
    expectRange(start, end, count);
    return { bytes: new Uint8Array((end - start) * width), position: offset + start * width };
  };
  const tokens = (bytes: Uint8Array<ArrayBuffer>, read: number): Uint16Array | Int32Array => {
    if (read !== bytes.length) {
      throw new DataError("damaged", `${path} has become shorter since it was opened: start again`);
    }
    return width === 2 ? new Uint16Array(bytes.buffer) : new Int32Array(bytes.buffer);
  };
  return {
    length: count,
    read(start, end) {
      const { bytes, position } = place(start, end);
      try {
        const file = openSync(path, "r");
        try {
          return tokens(bytes, readSync(file, bytes, 0, bytes.length, position));
        } finally {
          closeSync(file);
        }
      } catch (error) {
        throw fileError(error, path, "a file of tokens");
      }
    },
    async readLater(start, end) {
      const { bytes, position } = place(start, end);
      try {
        const file = await open(path, "r");
        try {
          return tokens(bytes, (await file.read(bytes, 0, bytes.length, position)).bytesRead);
        } finally {
          await file.close();
        }
      } catch (error) {
        throw fileError(error, path, "a file of tokens");
      }
    },
  };
}
