import { basename, relative } from "node:path";
import type { FileSplit } from "./splitFiles.ts";

/** So many names are said. */
const mostNames = 3;

function shortName(source: string, path: string): string {
  const inside = relative(source, path);
  return inside === "" || inside.startsWith("..") ? basename(path) : inside;
}

/**
 * Half a sentence on what is trained on, validated on and left out, with the names of files inside `source`; `otherwise` says
 * what is validated on where no file is for it.
 */
export function describeSplit(source: string, split: FileSplit, otherwise: string): string {
  const { train, validation, leftOut } = split;
  const said = (paths: readonly string[]): string => {
    const names = paths.slice(0, mostNames).map((path) => shortName(source, path));
    const more = paths.length > mostNames ? ", …" : "";
    return `${paths.length} ${paths.length === 1 ? "file" : "files"} (${names.join(", ")}${more})`;
  };
  return [
    `trained on ${said(train)}`,
    `validated on ${validation.length > 0 ? said(validation) : otherwise}`,
    ...(leftOut.length > 0 ? [`left out ${said(leftOut)}`] : []),
  ].join(", ");
}
