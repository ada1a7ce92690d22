import { open, rename, rm } from "node:fs/promises";
import { encodeSafetensors } from "./encodeSafetensors.ts";
import type { HostTensors } from "./hostTensor.ts";

/**
 * Writes a safetensors file: beside it first, flushed, then renamed, so that a kill leaves the old file or the new
 * one. Its metadata says `format: "pt"`, without which `transformers` of Hugging Face refuses a file.
 */
export async function writeSafetensors(
  path: string,
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(beside, "w");
    try {
      for (const piece of encodeSafetensors(tensors, { format: "pt", ...metadata }))
        await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}
