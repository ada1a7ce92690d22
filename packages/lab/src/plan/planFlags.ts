import { testTimes, tokenOrders } from "@steepest/models";
import { dataNames } from "@steepest/models/node";
import { type Command, Option } from "commander";
import { didYouMean, settingSynonyms } from "steepest";
import { defaultJob, kindDefaults, outerDefaults, WATCH_EVERY } from "./defaultJob.ts";
import { kebabCase } from "./kebabCase.ts";
import { augmentationSyntax } from "./parseAugmentation.ts";
import type { PlanInput } from "./planInput.ts";
import { engineNames, scheduleNames } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";
import { diagnosticNames } from "./watch/diagnostics.ts";

/** A setting that is a number on the command line too. */
type Kind = "number" | "text";

/** The defaults of language, image and problem models, once where they agree. */
function perKind(name: keyof (typeof kindDefaults)["image"]): string {
  const values = [kindDefaults.language, kindDefaults.image, kindDefaults.problem].map((own) => own[name]);
  return new Set(values).size === 1 ? String(values[0]) : values.join(", ");
}

/** Name, kind, what stands for the value in the help, and the help itself. */
export const planFlags: readonly (readonly [
  name: keyof PlanInput,
  kind: Kind,
  placeholder: string,
  help: string,
])[] = [
  ["model", "text", "NAME", `preset of the model (default that of the weights, or ${defaultJob.model})`],
  ["weights", "text", "PATH", "start from a file or folder of Hugging Face, a checkpoint, or a run's latest"],
  ["data", "text", "NAME", `${dataNames.join(", ")}, or the path of a file or folder (default by the model)`],
  [
    "tokenizer",
    "text",
    "NAME",
    `char, gpt2, or the path of a tokenizer.json (default that of the weights, or ${defaultJob.tokenizer})`,
  ],
  [
    "textColumn",
    "text",
    "NAME",
    "column of Parquet files (default text, content or the only one of strings)",
  ],
  [
    "order",
    "text",
    "NAME",
    `of text, ${tokenOrders.join(" or ")}: windows from anywhere, or each once an epoch (default random)`,
  ],
  ["imageSize", "number", "N", "resize and crop image files to N × N (default as they are)"],
  ["augment", "text", "LIST", `changes to training images: ${augmentationSyntax} (default none)`],
  ["steps", "number", "N", `updates to make (default ${perKind("steps")}: text, images, problems)`],
  ["batch", "number", "N", `sequences or images per step (default ${perKind("batch")})`],
  ["batchTokens", "number", "N", "tokens per step, instead of --batch"],
  [
    "accumulate",
    "number",
    "N",
    `parts to compute a batch in, for its memory (default ${defaultJob.accumulate})`,
  ],
  ["context", "number", "N", "tokens per sequence (default the preset's)"],
  ["seed", "number", "N", `of the starting weights and the batches (default ${defaultJob.seed})`],
  ["schedule", "text", "NAME", `${scheduleNames.join(", ")} (default ${defaultJob.schedule})`],
  ["warmup", "number", "N", "steps of linear warm-up (default a tenth of the steps, at most 20)"],
  ["clip", "number", "X", "scale gradients down to this global norm (default no clipping)"],
  [
    "outerEvery",
    "number",
    "H",
    "with --ranks: each trains alone, an outer step every H (default every step together)",
  ],
  ["outerLearningRate", "number", "X", `of the outer step (default ${outerDefaults.outerLearningRate})`],
  ["outerMomentum", "number", "X", `Nesterov's, of the outer step (default ${outerDefaults.outerMomentum})`],
  ["evalEvery", "number", "N", `steps between validations (default ${perKind("evalEvery")})`],
  [
    "evalBatches",
    "number",
    "N",
    `batches of a validation (default ${kindDefaults.language.evalBatches}, of images the whole test set)`,
  ],
  ["testTime", "text", "NAME", `copies of an image to validate on: ${testTimes.join(", ")} (default none)`],
  ["statisticsBatches", "number", "N", "training batches for the statistics of batch norm (default 16)"],
  ["watch", "text", "LIST", `what to measure beside the steps: ${diagnosticNames.join(",")}, or all`],
  ["watchEvery", "number", "N", `steps between two looks of --watch (default ${WATCH_EVERY})`],
  [
    "checkpointEvery",
    "number",
    "N",
    `steps between checkpoints, 0: at the end (default ${perKind("checkpointEvery")})`,
  ],
  ["keepCheckpoints", "number", "N", `how many to keep (default ${defaultJob.keepCheckpoints})`],
  [
    "sampleTokens",
    "number",
    "N",
    `tokens of text to write at the end, 0: none (default ${kindDefaults.language.sampleTokens})`,
  ],
  [
    "sampleEvery",
    "number",
    "N",
    "steps between texts written on the way, each as long as that at the end, 0: none (default a quarter of the steps)",
  ],
  ["engine", "text", "NAME", `${engineNames.join(" or ")} (default ${defaultJob.engine})`],
  ["threads", "number", "N", "threads to compute on (default the cores of this process)"],
];

/** Adds the flags of a plan, all but those of the optimizer, and `--config`. */
export function addPlanFlags(command: Command): Command {
  command.addOption(
    new Option("--config <FILE>", "settings in JSON, or the config.json of a run; flags win"),
  );
  for (const [name, , placeholder, help] of planFlags) {
    command.addOption(new Option(`--${kebabCase(name)} <${placeholder}>`, help));
  }
  return command;
}

/** What people look for that is not there, with the reason. */
const notThere: Readonly<Record<string, string>> = {
  "--dropout": ": the models here have none; weight decay (--weight-decay) holds weights back",
};

/** An unknown flag, with the nearest of those there are. */
export function unknownFlag(flag: string, command: Command, others: readonly string[] = []): UsageError {
  const known = [...command.options.flatMap(({ long }) => long ?? []), ...others, "--help"];
  return new UsageError(
    `steepest ${command.name()} has no flag ${flag}${notThere[flag] ?? didYouMean(flag, known, settingSynonyms)}; see steepest ${command.name()} --help`,
  );
}
