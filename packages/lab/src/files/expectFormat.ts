import { FileError } from "./fileError.ts";

/** Throws `FileError` for a file whose number of format is higher than `known`: it is not damaged, but of a later version. */
export function expectFormat(value: unknown, known: number, path: string): void {
  if (typeof value !== "object" || value === null || !("format" in value)) return;
  const { format } = value;
  if (typeof format !== "number" || !(format > known)) return;
  throw new FileError(
    `${path} was written by a newer version of steepest (format ${format}, this one reads up to ${known}): update steepest`,
  );
}
