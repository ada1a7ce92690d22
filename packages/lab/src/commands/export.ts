import { Command } from "commander";
import { didYouMean } from "steepest";

import { type ExportPart, exportParts } from "../export/exportParts.ts";
import type { ExportedRun } from "../export/exportRun.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatBytes } from "../text/quantities.ts";
import { withThreads } from "./withThreads.ts";

const examples = `
Examples:
  steepest export runs/book                            into runs/book/export/step-<N>
  steepest export runs/book --step 400 --out book-onnx
  steepest export runs/book --only model --batch 8     the trained model for 8 texts at once
  steepest export runs/gpt2 --only weights --out gpt2-tuned    model.safetensors and config.json of Hugging Face

Writes model.onnx (tokens or images to logits, weights inside), train-step.onnx (or one file for each of the optimizer's \
computations, train-step-0.onnx, …) with the tensors to begin with, and README.txt and meta.json, which say what \
goes in, what comes out and how to run the loop. --only weights writes the weights instead, as Hugging Face's library \
reads them for gpt2, llama and qwen3, under our own names for other models; steepest train --weights takes both.`;

interface ExportFlags {
  readonly out?: string;
  readonly step?: string;
  readonly batch?: string;
  readonly only?: string;
  readonly externalData?: boolean;
  readonly json?: boolean;
}

/** `steepest export`: a run as ONNX files, or its weights as a folder of Hugging Face. */
export const exportCommand = (io: CommandIo): Command =>
  new Command("export")
    .argument("[RUN_DIR]", "a run folder")
    .option("--out <DIR>", "a new or empty folder (default RUN_DIR/export/step-N)")
    .option("--step <N>", "of the checkpoint (default the latest)")
    .option("--only <PART>", `${exportParts.join(", ")} (default model and train-step)`)
    .option("--batch <N>", "texts or images that model.onnx takes at once (default 1)")
    .option("--external-data", "weights beside model.onnx (default only above 2 GB)")
    .option("--json", "last line of stdout: folder, files and what is in them as JSON")
    .addHelpText("after", examples)
    .action(async (runDir: string | undefined, flags: ExportFlags) => {
      if (runDir === undefined) {
        throw new UsageError("export needs the folder of a run: steepest export RUN_DIR");
      }
      const { out, only, externalData } = flags;
      const { exportRun } = await withThreads(() => import("../export/exportRun.ts"));
      const exported = exportRun(runDir, {
        out,
        externalData,
        only: only === undefined ? undefined : exportPart(only),
        step: numberFlag("--step", flags.step, { least: 0, whole: true }),
        batch: numberFlag("--batch", flags.batch, { least: 1, whole: true }),
      });
      report(exported, io, flags.json === true);
    });

function exportPart(text: string): ExportPart {
  const found = exportParts.find((part) => part === text);
  if (found !== undefined) return found;
  throw new UsageError(
    `--only must be one of ${exportParts.join(", ")}, got "${text}"${didYouMean(text, exportParts)}`,
  );
}

function report({ folder, optimizer, files, description }: ExportedRun, io: CommandIo, json: boolean): void {
  if (json) {
    const { step, model, trainStep, weights } = description;
    io.out(JSON.stringify({ folder, step, optimizer, files, model, trainStep, weights }));
    return;
  }
  const width = Math.max(...files.map(({ name }) => name.length));
  for (const { name, bytes } of files) {
    io.out(`${name.padEnd(width)}  ${formatBytes(bytes).padStart(9)}`);
  }
  if (description.weights?.why !== undefined) {
    io.out(`names and settings are steepest's own: ${description.weights.why}`);
  }
  io.out(`step ${description.step} of ${optimizer}, exported to ${folder}; README.txt says how to use it`);
}
