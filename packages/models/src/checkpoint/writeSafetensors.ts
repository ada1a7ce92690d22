import { writeBeside } from "../files/writeBeside.ts";
import { encodeSafetensors } from "./encodeSafetensors.ts";
import type { HostTensors } from "./hostTensor.ts";

/**
 * Writes a safetensors file whole or not at all: a kill leaves the old file or the new one. Its metadata says
 * `format: "pt"`, without which `transformers` of Hugging Face refuses a file.
 */
export async function writeSafetensors(
  path: string,
  tensors: HostTensors,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeBeside(path, async (file) => {
    for (const piece of encodeSafetensors(tensors, { format: "pt", ...metadata }))
      await file.writeFile(piece);
  });
}
