import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { writeDurably } from "@steepest/models/node";
import { writeFolder } from "../files/writeFolder.ts";
import { describeEnvironment } from "../run/environment.ts";
import { readTrainedRun } from "../trained/trainedRun.ts";
import type { ExportDescription } from "./exportDescription.ts";
import { exportModel } from "./exportModel.ts";
import type { ExportPart } from "./exportParts.ts";
import { exportReadme } from "./exportReadme.ts";
import { exportTrainStep } from "./exportTrainStep.ts";
import { exportWeights } from "./exportWeights.ts";
import { ownConfig } from "./ownConfig.ts";
import { writeTokenizer } from "./writeTokenizer.ts";

export interface ExportRunOptions {
  /** A new or empty folder. Default `<run folder>/export/step-<step>`. */
  readonly out?: string | undefined;
  /** Of the checkpoint. Default the latest. */
  readonly step?: number | undefined;
  /** Sequences or images that `model.onnx` takes at once. Default 1. */
  readonly batch?: number | undefined;
  /** Weights beside the model instead of inside; default only where they do not fit into a protobuf (2 GB). */
  readonly externalData?: boolean | undefined;
  /** `weights`: for other programs, see `exportWeights`. Default model and training step, as ONNX files. */
  readonly only?: ExportPart | undefined;
}

export interface ExportedRun {
  /** Absolute. */
  readonly folder: string;
  readonly optimizer: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly description: ExportDescription;
}

/**
 * Writes the training step and the trained model of a run as ONNX files, or its weights as a folder of Hugging Face,
 * with `meta.json` and `README.txt` saying how to use them. The folder appears whole or not at all.
 *
 * Throws `CheckpointError`, `FileError`, `ExportError` of `@steepest/onnx`, or a sentence where `runDir` is no run.
 */
export function exportRun(runDir: string, options: ExportRunOptions = {}): ExportedRun {
  const run = readTrainedRun(runDir, options.step);
  const { plan, step } = run;
  const folder = resolve(options.out ?? join(run.runDir, "export", `step-${step}`));
  const { packages } = describeEnvironment();
  const shared = {
    externalData: options.externalData === true ? true : ("auto" as const),
    metadata: {
      ...packages,
      step: String(step),
      model: plan.model,
      modelConfig: JSON.stringify(run.model.config),
      optimizer: plan.optimizer,
      optimizerOptions: JSON.stringify(plan.optimizerOptions),
      schedule: JSON.stringify({
        name: plan.schedule,
        steps: plan.steps,
        warmup: plan.warmup,
        clip: plan.clip,
      }),
    },
  };
  if (run.model.kind === "problem" && options.only === "model") {
    throw new Error(`${plan.model} is a problem of its own: there is no trained model, only a training step`);
  }
  let description: ExportDescription | undefined;
  writeFolder(folder, "write the export", (beside) => {
    const parts: readonly ExportPart[] =
      options.only === undefined ? ["model", "train-step"] : [options.only];
    const { model } = run;
    const write = (name: string, text: string): void =>
      writeDurably(join(beside, name), [new TextEncoder().encode(text)]);
    const writeJson = (name: string, value: unknown): void =>
      write(name, `${JSON.stringify(value, null, 2)}\n`);
    const tokenizer = options.only === "weights" ? undefined : writeTokenizer(run.tokenizer, writeJson);
    description = {
      format: 1,
      step,
      plan,
      packages,
      ...(run.images !== undefined && { images: run.images }),
      ...(tokenizer !== undefined && { tokenizer }),
      ...(parts.includes("model") &&
        model.kind !== "problem" && {
          model: exportModel(run, model, beside, { ...shared, batch: options.batch ?? 1 }),
        }),
      ...(parts.includes("train-step") && { trainStep: exportTrainStep(run, beside, shared) }),
      ...(parts.includes("weights") && { weights: exportWeights(run, beside) }),
    };
    if (parts.includes("train-step")) writeJson("config.json", ownConfig(run)); // beside params.safetensors
    writeJson("meta.json", description);
    write("README.txt", exportReadme(description, plan));
  });
  if (description === undefined) throw new Error("internal: an export without a description");
  const files = readdirSync(folder).map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
  return { folder, optimizer: plan.optimizer, files, description };
}
