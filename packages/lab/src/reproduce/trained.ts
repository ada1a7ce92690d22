import { existsSync } from "node:fs";
import * as v from "valibot";
import { quietRun } from "../compare/planComparison.ts";
import { runHere } from "../compare/runner.ts";
import type { PlanInput } from "../plan/planInput.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import { NonFiniteLossError } from "../run/runErrors.ts";
import type { Part, PartIo } from "./claim.ts";

/** What is kept of a training run: a summary and the curve of its validations. */
export const trained = v.object({
  status: v.picklist(["finished", "diverged"]),
  /** Null where it diverged. */
  valLoss: v.nullable(v.number()),
  valAccuracy: v.nullable(v.number()),
  steps: v.number(),
  parameters: v.nullable(v.number()),
  stateFloats: v.nullable(v.number()),
  msPerStep: v.nullable(v.number()),
  /** Validation losses, the first before any step. */
  curve: v.array(v.tuple([v.number(), v.number()])),
});
export type Trained = v.InferOutput<typeof trained>;

/** Makes the run of a plan in this process, on one thread, or goes on with it; one that diverges is a result, too. */
export async function trainOnce(plan: RunPlan, { folder, signal }: PartIo): Promise<Trained> {
  try {
    const result = await runHere(
      { ...plan, threads: 1 },
      { out: folder, resume: existsSync(folder), signal },
    );
    return {
      status: "finished",
      valLoss: Number.isFinite(result.valLoss) ? result.valLoss : null,
      valAccuracy: result.valAccuracy ?? null,
      steps: result.steps,
      parameters: result.parameters,
      stateFloats: result.stateFloats,
      msPerStep: result.msPerStep,
      curve: result.curves.validation.map(({ step, loss }) => [step, loss]),
    };
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    const nothing = {
      valLoss: null,
      valAccuracy: null,
      parameters: null,
      stateFloats: null,
      msPerStep: null,
    };
    return { status: "diverged", steps: error.step, curve: [], ...nothing };
  }
}

/** A part that is one run. */
export const trainPart = (id: string, plan: RunPlan): Part<Trained> => ({
  id,
  cost: 3 + plan.steps * 0.012,
  make: (io) => trainOnce(plan, io),
});

/** A whole plan for a run of a claim: nothing is kept but the last checkpoint. */
export const plannedRun = (...inputs: readonly PlanInput[]): RunPlan => resolvePlan(quietRun, ...inputs);
