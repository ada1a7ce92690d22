import { Command } from "commander";

import { numberFlag } from "../plan/numberFlag.ts";
import { noData } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatAccuracy, formatLoss } from "../text/quantities.ts";
import type { ModelScore } from "../trained/evaluateModel.ts";
import { withThreads } from "./withThreads.ts";

const examples = `
Examples:
  steepest evaluate runs/book                           on the validation part of its own data
  steepest evaluate runs/book --data other.txt --eval-batches 50
  steepest evaluate runs/book --step 400 --json`;

interface EvaluateFlags {
  readonly data?: string;
  readonly step?: string;
  readonly evalBatches?: string;
  readonly json?: boolean;
}

/** `steepest evaluate`: how well a trained model does on data. */
export const evaluateCommand = (io: CommandIo): Command =>
  new Command("evaluate")
    .argument("[RUN_DIR]", "a run folder")
    .option("--data <NAME|PATH>", "whose validation part (default: the data of the run)")
    .option("--eval-batches <N>", "batches to look at (default: as many as the run's validations)")
    .option("--step <N>", "of the checkpoint (default the latest)")
    .option("--json", "last line of stdout: the score as JSON")
    .addHelpText("after", examples)
    .action(async (runDir: string | undefined, { data, json, ...flags }: EvaluateFlags) => {
      if (runDir === undefined)
        throw new UsageError("evaluate needs the folder of a run: steepest evaluate RUN_DIR");
      const step = numberFlag("--step", flags.step, { least: 0, whole: true });
      const evalBatches = numberFlag("--eval-batches", flags.evalBatches, { least: 1, whole: true });
      const { evaluateModel } = await withThreads(() => import("../trained/evaluateModel.ts"));
      const score = await evaluateModel(runDir, { data, step, evalBatches, report: io.err });
      io.out(json === true ? JSON.stringify(score) : describe(score));
    });

function describe({ source, data, loss, perplexity, bitsPerCharacter, accuracy }: ModelScore): string {
  if (data === noData) return `${source}: value ${formatLoss(loss)}`;
  const parts = [
    `loss ${formatLoss(loss)} nats`,
    ...(perplexity === undefined ? [] : [`perplexity ${perplexity.toPrecision(4)}`]),
    ...(bitsPerCharacter === undefined ? [] : [`${formatLoss(bitsPerCharacter)} bits per character`]),
    ...(accuracy === undefined ? [] : [`accuracy ${formatAccuracy(accuracy)}`]),
  ];
  return `${source} on ${data}: ${parts.join(", ")}`;
}
