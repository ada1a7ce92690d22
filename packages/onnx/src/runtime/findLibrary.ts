import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { OnnxRuntimeError } from "../arrays/errors.ts";

/** The shared library inside `onnxruntime-node`. Throws `OnnxRuntimeError` when it is not there. */
export function findLibrary(): string {
  const names: Partial<Record<NodeJS.Platform, string[]>> = {
    linux: ["libonnxruntime.so.1"],
    darwin: ["libonnxruntime.1.dylib", "libonnxruntime.dylib"],
    win32: ["onnxruntime.dll"],
  };
  let root: string;
  try {
    root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  } catch (cause) {
    throw new OnnxRuntimeError(
      "the package onnxruntime-node is not installed: npm install onnxruntime-node",
      {
        cause,
      },
    );
  }
  const folder = join(root, "bin", "napi-v6", process.platform, process.arch);
  const found = (names[process.platform] ?? []).map((name) => join(folder, name)).find((p) => existsSync(p));
  if (found === undefined)
    throw new OnnxRuntimeError(
      `onnxruntime-node has no library for ${process.platform}-${process.arch} (looked in ${folder})`,
    );
  return found;
}
