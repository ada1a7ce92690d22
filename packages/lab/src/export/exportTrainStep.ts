import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { numpy as np, valueAndGrad } from "@jax-js/jax";
import { ExportError, type ExportedModel, exportOnnx, spec } from "@steepest/onnx";
import {
  applyUpdates,
  disposeTree,
  namedLeaves,
  type Optimizer,
  type OptimizerState,
  refTree,
  type Tree,
} from "steepest";
import { globalNorm } from "steepest/transforms";

import { lossOf } from "../engine/batchFunctions.ts";
import { startingTrees } from "../engine/startingTrees.ts";
import { stepVariants } from "../engine/stepVariants.ts";
import { scheduleFactors } from "../plan/planSchedule.ts";
import { planOptimizer } from "../plan/resolvePlan.ts";
import type { TrainedRun } from "../trained/trainedRun.ts";
import { batchInputs } from "./batchInputs.ts";
import type { ExportedTensor, ExportedTrainStep } from "./exportDescription.ts";

/** The input that multiplies the learning rates. */
const FACTOR = "learningRateFactor";

/**
 * Writes a run's training step into `folder`: `(params, state, batch, learningRateFactor) -> (params, state, loss,
 * gradNorm)`, where the batch is tokens and targets, images and labels, or (of a problem) nothing; what the ONNX engine
 * computes, clipping included. The schedule is left out: of a finished run it has ended, often at 0. Its place is taken
 * by an input that multiplies the run's learning rates. One file for each of the optimizer's computations
 * (`train-step.onnx`, or `train-step-0.onnx`, …), and the checkpoint's tensors to begin with.
 *
 * Throws where the optimizer needs what no ONNX operator does (matrix decompositions), or more than the loss's gradient.
 */
export function exportTrainStep(
  { plan, model, step, checkpoint, snapshot }: TrainedRun,
  folder: string,
  options: { readonly externalData: boolean | "auto"; readonly metadata: Readonly<Record<string, string>> },
): ExportedTrainStep {
  /** The input, while the step is traced. */
  let factor: np.Array | undefined;
  const optimizer = planOptimizer(plan, model.roles(), (count) => {
    count.dispose();
    return factor?.ref ?? np.array(1);
  });
  expectGradientsSuffice(optimizer);
  const variants = stepVariants(optimizer);
  const batch = batchInputs(model, plan.batch);
  const { params, state } = startingTrees({ model, optimizer, seed: plan.seed, snapshot, threads: 1 });
  try {
    const tensors = new Map<string, ExportedTensor>();
    const describe = (name: string, dtype: string, shape: readonly number[]): void => {
      tensors.set(name, { name, dtype, shape: [...shape] });
    };
    for (const [path, { dtype, shape }] of namedLeaves(params)) describe(`params.${path}`, dtype, shape);
    for (const [path, { dtype, shape }] of namedLeaves(state)) describe(`state.${path}`, dtype, shape);
    for (const { name, dtype, shape } of batch) describe(name, dtype, shape);
    for (const name of [FACTOR, "loss", "gradNorm"]) describe(name, "float32", []);

    let written: ExportedModel | undefined;
    const graphs = variants.contexts.map((context, variant) => {
      const file = variants.contexts.length === 1 ? "train-step.onnx" : `train-step-${variant}.onnx`;
      const trainStep = (
        weights: Tree,
        before: OptimizerState,
        learningRateFactor: np.Array,
        ...inputs: np.Array[]
      ): [Tree, Tree, np.Array, np.Array] => {
        factor = learningRateFactor;
        const named = Object.fromEntries(inputs.map((input, i) => [batch[i]?.name ?? "", input]));
        const trainingLoss = (p: Tree): np.Array => lossOf(model)(p, named);
        const [loss, gradients] = valueAndGrad(trainingLoss)(refTree(weights)) as [np.Array, Tree];
        const gradNorm = globalNorm(refTree(gradients));
        const [updates, after] = optimizer.update(gradients, before, refTree(weights), context);
        factor = undefined;
        learningRateFactor.dispose();
        return [applyUpdates(weights, updates), after, loss, gradNorm];
      };
      try {
        written = exportOnnx(
          trainStep,
          [params, state, spec([]), ...batch.map(({ shape, dtype }) => spec(shape, dtype))],
          join(folder, file),
          {
            argumentNames: ["params", "state", FACTOR, ...batch.map(({ name }) => name)],
            resultNames: ["params", "state", "loss", "gradNorm"],
            name: "train_step",
            externalData: options.externalData,
            metadata: { ...options.metadata, phase: String(context.phase) },
          },
        );
      } catch (error) {
        throw error instanceof ExportError ? notExportable(plan.optimizer, error) : error;
      }
      return { file, phase: context.phase };
    });
    copyFileSync(join(checkpoint, "params.safetensors"), join(folder, "params.safetensors"));
    copyFileSync(join(checkpoint, "optimizer.safetensors"), join(folder, "optimizer.safetensors"));
    const known = (name: string): ExportedTensor => {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`internal: the graph has an unknown "${name}"`);
      return tensor;
    };
    return {
      graphs,
      firstStep: variants.of(0),
      // Steps of the second period: none of them is the first step.
      cycle: Array.from({ length: optimizer.period }, (_, phase) => variants.of(optimizer.period + phase)),
      nextStep: step,
      learningRateFactor: {
        input: FACTOR,
        schedule: plan.schedule,
        lastStep: scheduleFactors(plan)[Math.max(0, step - 1)] ?? 1,
      },
      start: { params: "params.safetensors", state: "optimizer.safetensors" },
      inputs: (written?.inputs ?? []).map(known),
      outputs: (written?.outputs ?? []).map((name) => {
        const feeds = name.replace(/\.next$/, "");
        return feeds === name ? known(name) : { ...known(feeds), name, feeds };
      }),
    };
  } finally {
    disposeTree(params);
    disposeTree(state);
  }
}

/** What a step is given besides the batch, in words. */
const besides = {
  layers: "the inputs and output gradients of its layers",
  sampledGradients: "the gradient for labels drawn from the model",
  exampleGradients: "the gradient of every example",
} as const satisfies Record<NonNullable<Optimizer["needs"]>, string>;

/** The exported step knows the loss's gradient only. */
function expectGradientsSuffice({ name, needs }: Optimizer): void {
  if (needs === undefined) return;
  throw new ExportError(
    `the training step of ${name} cannot be a file: it needs ${besides[needs]}, which an exported step does not ` +
      "make; --only model exports the trained model alone",
  );
}

function notExportable(optimizer: string, cause: ExportError): ExportError {
  const [reason] = cause.message.split("\n");
  return new ExportError(
    `the training step of ${optimizer} cannot be a file: ${reason}; --only model exports the trained model alone`,
    { cause },
  );
}
