import { DataError } from "../data/dataError.ts";

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
