import { join } from "node:path";
import type { numpy as np } from "@jax-js/jax";
import type { ImageModel, LanguageModel, Statistics } from "@steepest/models";
import { exportOnnx, spec } from "@steepest/onnx";
import { disposeTree, refTree, type Tree } from "steepest";

import { toArrays } from "../engine/arrays.ts";
import { startingTrees } from "../engine/startingTrees.ts";
import type { TrainedRun } from "../trained/trainedRun.ts";
import { batchInputs } from "./batchInputs.ts";
import type { ExportedInference, ExportedTensor } from "./exportDescription.ts";

/**
 * Writes `model.onnx` into `folder`, with the trained weights inside: token ids int32 [batch, context] to logits [batch,
 * context, vocabulary], or images float32 [batch, channels, height, width] to logits [batch, classes], batch norm by the
 * statistics of the checkpoint.
 */
export function exportModel(
  { plan, optimizer, snapshot }: TrainedRun,
  model: LanguageModel | ImageModel,
  folder: string,
  options: {
    readonly batch: number;
    readonly externalData: boolean | "auto";
    readonly metadata: Readonly<Record<string, string>>;
  },
): ExportedInference {
  const file = "model.onnx";
  const [input] = batchInputs(model, options.batch);
  if (input === undefined) throw new Error("internal: a model without an input");
  const { params, state } = startingTrees({ model, optimizer, seed: plan.seed, snapshot, threads: 1 });
  disposeTree(state);
  const statistics = snapshot.statistics === undefined ? undefined : toArrays(snapshot.statistics);
  try {
    exportOnnx(inference(model, params, statistics), [spec(input.shape, input.dtype)], join(folder, file), {
      argumentNames: [input.name],
      resultNames: ["logits"],
      name: "model",
      weights: params,
      externalData: options.externalData,
      metadata: options.metadata,
    });
  } finally {
    disposeTree(params);
    if (statistics !== undefined) disposeTree(statistics);
  }
  return { file, inputs: [input], outputs: [logits(model, options.batch)] };
}

/** The function of tokens or images; borrows weights and statistics. */
function inference(
  model: LanguageModel | ImageModel,
  params: Tree,
  statistics: Statistics | undefined,
): (input: np.Array) => np.Array {
  if (model.kind === "language") return (tokens) => model.apply(refTree(params), tokens);
  return (images) => model.apply(refTree(params), images, statistics && refTree(statistics));
}

const logits = (model: LanguageModel | ImageModel, batch: number): ExportedTensor => ({
  name: "logits",
  dtype: "float32",
  shape: model.kind === "language" ? [batch, model.context, model.vocabSize] : [batch, model.classes],
});
