import { foreignFile } from "../../files/foreignFile.ts";
import { DataError } from "../dataError.ts";

/** Throws `DataError` for a file that begins like something known that is no text, with what to do. */
export function expectPlainText(path: string, beginning: Uint8Array): void {
  const foreign = foreignFile(beginning);
  if (foreign !== undefined) throw new DataError("notText", `${path} ${foreign}`);
}
