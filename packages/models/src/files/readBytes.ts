import { readFile, stat } from "node:fs/promises";
import { DataError } from "../data/dataError.ts";
import { fileError } from "./fileError.ts";
import { notOrdinary } from "./notOrdinary.ts";

/**
 * A whole file. Throws `DataError` when it is missing, a folder, not readable or longer than `most` bytes;
 * `wanted` is what messages ask for.
 */
export async function readBytes(path: string, most: number, wanted: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (!found.isFile() && !found.isDirectory()) throw notOrdinary(path);
    const { size } = found;
    if (size > most) {
      throw new DataError(
        "unreadable",
        `${path} has ${size} bytes, more than the ${most} that ${wanted} may have`,
      );
    }
    return await readFile(path);
  } catch (error) {
    throw fileError(error, path, wanted);
  }
}
