import { startOnnxEngine, stepVariants } from "@steepest/lab/engine";
import { resolvePlan } from "@steepest/lab/plan";
import { prepareRun } from "@steepest/lab/prepare";
import { evaluateRun } from "@steepest/lab/run";
import { describeOptimizer } from "steepest";

import type { Trial } from "./trial.ts";

/** Of AdamW for what a matrix method leaves: near the best of AdamW alone, and the same for all. */
export const auxiliaryLearningRate = 0.03;

/** The model, batch and schedule of the default job; options as the library has them, but for the learning rates. */
export async function runTrial({
  optimizer: name,
  learningRate,
  steps,
  seed,
}: Pick<Trial, "optimizer" | "learningRate" | "steps" | "seed">): Promise<Trial> {
  const auxiliary = Object.hasOwn(describeOptimizer(name).options, "auxiliaryLearningRate");
  const optimizerOptions = { learningRate, ...(auxiliary && { auxiliaryLearningRate }) };
  const plan = resolvePlan({ optimizer: name, optimizerOptions, steps, seed });
  const { model, optimizer, batches } = await prepareRun(plan);
  const engine = await startOnnxEngine({ model, optimizer, seed, threads: 1 });
  const { parameters, stateFloats } = engine;
  const trial = { optimizer: name, learningRate, steps, seed, parameters, stateFloats };
  const variants = stepVariants(optimizer);
  const times = new Map<number, number[]>();
  try {
    for (let step = 0; step < steps; step++) {
      const before = process.cpuUsage();
      const { compiled, fault } = await engine.step(await batches.train(step), step);
      const { user, system } = process.cpuUsage(before);
      if (fault !== undefined) return { ...trial, valLoss: null, fault: `step ${step + 1}: ${fault}` };
      const variant = variants.of(step);
      if (!compiled) times.set(variant, [...(times.get(variant) ?? []), (user + system) / 1000]);
    }
    const { loss: valLoss } = await evaluateRun(engine, batches, {});
    if (!Number.isFinite(valLoss))
      return { ...trial, valLoss: null, fault: "the validation loss is not finite" };
    return { ...trial, valLoss, msPerStep: meanTime([...times.values()]) };
  } finally {
    engine.dispose();
  }
}

/** The mean over steps of the median time of their kind: a busy machine lengthens single steps, not these. */
function meanTime(kinds: readonly number[][]): number {
  const count = kinds.reduce((sum, { length }) => sum + length, 0);
  return kinds.reduce((sum, times) => sum + (median(times) * times.length) / count, 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
