import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import {
  ConfigError,
  checkpointTensors,
  encodeSafetensors,
  type HostTensors,
  type HuggingFaceConfig,
  huggingFaceConfig,
} from "@steepest/models";

import { writeDurably } from "@steepest/models/node";
import type { TrainedRun } from "../trained/trainedRun.ts";
import type { ExportedWeights } from "./exportDescription.ts";
import { ownConfig } from "./ownConfig.ts";
import { writeTokenizer } from "./writeTokenizer.ts";

/**
 * Writes the trained weights into `folder` as `model.safetensors` with a `config.json`: for gpt2, llama and qwen3 what
 * `from_pretrained` of Hugging Face's library reads, with the tokenizer's files where it came from there. A model that
 * library does not have keeps our own paths and settings, and the description says why. `steepest train --weights`
 * starts from either.
 */
export function exportWeights(run: TrainedRun, folder: string): ExportedWeights {
  const { model, snapshot, checkpoint } = run;
  const published =
    model.kind === "language" ? tryHuggingFace(() => huggingFaceConfig(model)) : noLanguageModel;
  const write = (name: string, value: unknown): void =>
    writeDurably(join(folder, name), [new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)]);
  if (typeof published === "string") {
    writeTensors(folder, snapshot.params);
    write("config.json", ownConfig(run));
    const statistics = "statistics.safetensors"; // of batch norm
    const has = existsSync(join(checkpoint, statistics));
    if (has) copyFileSync(join(checkpoint, statistics), join(folder, statistics));
    return { ...files, naming: "steepest", why: published, ...(has && { statistics }) };
  }
  writeTensors(folder, checkpointTensors(model, snapshot.params));
  write("config.json", published);
  const tokenizer = writeTokenizer(run.tokenizer, write);
  return { ...files, naming: "Hugging Face", ...(tokenizer !== undefined && { tokenizer }) };
}

const files = { file: "model.safetensors", config: "config.json" } as const;

const noLanguageModel = "it is no language model of Hugging Face's library";

/** The config, or why there is none. */
function tryHuggingFace(describe: () => HuggingFaceConfig): HuggingFaceConfig | string {
  try {
    return describe();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** Hugging Face's library refuses a file without that metadata. */
const writeTensors = (folder: string, tensors: HostTensors): void =>
  writeDurably(join(folder, files.file), encodeSafetensors(tensors, { format: "pt" }));
