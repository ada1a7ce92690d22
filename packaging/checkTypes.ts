import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

import type { Tarball } from "./packAll.ts";

/** What publint and arethetypeswrong find in a tarball, a line each; nothing where all is well. */
export async function checkTypes(tarball: Tarball): Promise<string[]> {
  const data = readFileSync(tarball.file);
  const { messages, pkg } = await publint({
    strict: true,
    pack: { tarball: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer },
  });
  const lint = messages.map((message) => `publint: ${formatMessage(message, pkg) ?? message.code}`);
  if (tarball.holds === "pages") return lint;
  const result = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  if (!result.types) return [...lint, "arethetypeswrong: there are no types"];
  // ES modules only: the resolutions of CommonJS and of Node 10, which knows no subpaths, are refused on purpose.
  const ours = result.problems.filter(
    (problem) => !("resolutionKind" in problem && ["node10", "node16-cjs"].includes(problem.resolutionKind)),
  );
  return [...lint, ...ours.map((problem) => `arethetypeswrong: ${JSON.stringify(problem)}`)];
}
