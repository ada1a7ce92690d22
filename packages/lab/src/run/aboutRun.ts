import { basename } from "node:path";

import { describeModel } from "@steepest/models";
import type { TrainingEngine } from "../engine/trainingEngine.ts";
import { describeRates } from "../plan/rates/describeRates.ts";
import { defaultText, noData, type RunPlan } from "../plan/runPlan.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { formatCount, formatCountOf } from "../text/quantities.ts";

/** What a run is about to train, a line each: model, data, optimizer with the rates in force, and the run itself. */
export function aboutRun(
  { plan, model, tokenizer, split, batches }: PreparedRun,
  { stateFloats, inForce, stateOfRanks }: Pick<TrainingEngine, "stateFloats" | "inForce" | "stateOfRanks">,
): string[] {
  const { unit, tokensPerStep } = batches;
  const vocabulary = tokenizer === undefined ? "" : `, ${formatCount(tokenizer.vocabSize)} token ids`;
  const data = plan.data === defaultText ? "Moby Dick" : basename(plan.data);
  const fed =
    plan.data === noData
      ? []
      : [`data       ${data}${vocabulary}, ${formatCount(tokensPerStep)} ${unit} a step`];
  const weights = plan.weights === undefined ? "" : `, starting from ${plan.weights}`;
  return [
    `model      ${plan.model}${changed(plan)}, ${formatCount(model.parameterCount)} parameters${weights}`,
    ...(model.kind === "problem" ? [`           ${describeModel(plan.model).about}`] : []),
    ...fed,
    ...(split === undefined ? [] : [`split      ${split}`]),
    `optimizer  ${plan.optimizer}, ${formatCount(stateFloats)} floats of state`,
    ...(stateOfRanks === undefined
      ? []
      : [`state      by rank: ${stateOfRanks.map((floats) => formatCount(floats)).join(", ")} floats`]),
    `rates      ${describeRates(plan)}`,
    `run        ${formatCountOf(plan.steps, "step")}, schedule ${plan.schedule}, ${plan.warmup} of warm-up, seed ${plan.seed}, ` +
      `${inForce}${plan.checkpointEvery === 0 ? ", no checkpoint before the end" : ""}`,
  ];
}

/** What makes the model another than its preset: `, width 64, depth 2`. */
const changed = ({ modelOptions, context }: RunPlan): string =>
  Object.entries({ ...modelOptions, ...(context !== undefined && { context }) })
    .filter(([name]) => name !== "vocabSize") // of the tokenizer, which has a line of its own
    .map(([name, value]) => `, ${name} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("");
