import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type AnyModel, createModel } from "@steepest/models";
import type { Optimizer } from "steepest";
import * as v from "valibot";
import type { SavedRun } from "../engine/trainingEngine.ts";
import { CheckpointError } from "../files/checkpointError.ts";
import { checkpointFolder, checkpointsFolder, listCheckpoints } from "../files/listCheckpoints.ts";
import { planOptimizer } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import type { ImageFacts } from "../prepare/imageFacts.ts";
import { readCheckpoint } from "../run/checkpoint/readCheckpoint.ts";
import { readRunConfig } from "../run/runConfig.ts";

/** What a run folder says about one of its checkpoints. */
export interface TrainedRun {
  readonly runDir: string;
  readonly plan: RunPlan;
  readonly model: AnyModel;
  /** With the schedule and clipping of the run. */
  readonly optimizer: Optimizer;
  /** What `loadTokenizer` of `@steepest/models` takes; null where there is none. */
  readonly tokenizer: unknown;
  /** Of an image model. */
  readonly images?: ImageFacts;
  /** Updates made. */
  readonly step: number;
  /** The folder of the checkpoint. */
  readonly checkpoint: string;
  readonly snapshot: SavedRun;
}

/** The part of `config.json` that the plan does not hold. */
const described = v.object({
  model: v.object({ config: v.record(v.string(), v.unknown()) }),
  tokenizer: v.unknown(),
  images: v.optional(
    v.object({
      mean: v.array(v.number()),
      deviation: v.array(v.number()),
      classNames: v.exactOptional(v.array(v.string())),
    }),
  ),
});

/**
 * Reads a run folder and one of its checkpoints, by default the latest. The data it was trained on are not
 * needed. Throws `CheckpointError` where there is no such checkpoint or it is damaged, and a sentence where the
 * folder is none of a run.
 */
export function readTrainedRun(directory: string, asked?: number): TrainedRun {
  const runDir = resolve(directory);
  const { plan } = readRunConfig(runDir);
  const config = join(runDir, "config.json");
  const parsed = v.safeParse(described, JSON.parse(readFileSync(config, "utf8")));
  if (!parsed.success) throw new Error(`${config} is damaged: it does not describe the model`);
  const model = createModel(plan.model, parsed.output.model.config);
  const step = findStep(runDir, asked);
  return {
    runDir,
    plan,
    model,
    optimizer: planOptimizer(plan, model.roles()),
    tokenizer: parsed.output.tokenizer,
    ...(parsed.output.images !== undefined && { images: parsed.output.images }),
    step,
    checkpoint: checkpointFolder(runDir, step),
    snapshot: readSnapshot(runDir, step),
  };
}

function findStep(runDir: string, asked: number | undefined): number {
  const steps = listCheckpoints(runDir);
  const latest = steps.at(-1);
  if (latest === undefined) {
    throw new CheckpointError(
      `${runDir} has no checkpoint yet: let the run reach one (steepest train --resume ${runDir})`,
    );
  }
  if (asked === undefined || steps.includes(asked)) return asked ?? latest;
  throw new CheckpointError(
    `${checkpointsFolder(runDir)} has no checkpoint of step ${asked}; there are those of step ${steps.join(", ")}`,
  );
}

function readSnapshot(runDir: string, step: number): SavedRun {
  try {
    return readCheckpoint(checkpointFolder(runDir, step)).snapshot;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    const others = listCheckpoints(runDir).filter((other) => other !== step);
    const advice =
      others.length === 0 ? "there is no other one" : `take another: --step ${others.join(" or ")}`;
    throw new CheckpointError(`${error.message}; ${advice}`, { cause: error });
  }
}
