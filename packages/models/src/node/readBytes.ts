import { readFile, stat } from "node:fs/promises";
import { DataError } from "../data/dataError.ts";

/**
 * A whole file. Throws `DataError` when it is missing, a folder, not readable or longer than `most` bytes;
 * `wanted` is what messages ask for.
 */
export async function readBytes(path: string, most: number, wanted: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
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

/** What Node says of a file, as a `DataError`; anything else as it is. */
export function fileError(error: unknown, path: string, wanted: string): unknown {
  if (error instanceof DataError || !(error instanceof Error && "code" in error)) return error;
  switch (error.code) {
    case "ENOENT":
    case "ENOTDIR":
      return new DataError("missing", `there is no file ${path}: check the path`, { cause: error });
    case "EISDIR":
      return new DataError("unreadable", `${path} is a folder: give ${wanted}`, { cause: error });
    default:
      return new DataError(
        "unreadable",
        `cannot read ${path} (${String(error.code)}): check its permissions`,
        {
          cause: error,
        },
      );
  }
}
