import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

import { fileError } from "../files/fileError.ts";
import { GoldenFileError } from "./goldenFile.ts";

/** Far above the largest trajectory (0.2 MB), so that a hostile file cannot fill the memory. */
const LONGEST = 64 * 2 ** 20;

/**
 * The JSON text of a golden file, plain or compressed by gzip, which its first two bytes tell. Throws `FileError` where the
 * file cannot be read, `GoldenFileError` where it is no whole gzip file.
 */
export async function readGoldenText(file: string): Promise<string> {
  const bytes = await read(file);
  if (!(bytes[0] === 0x1f && bytes[1] === 0x8b)) return bytes.toString("utf8");
  try {
    return (await promisify(gunzip)(bytes, { maxOutputLength: LONGEST })).toString("utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new GoldenFileError(`${file}: cannot be decompressed (${reason})`);
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw fileError("read", file, error);
  }
}
