import { join } from "node:path";
import type { numpy as np } from "@jax-js/jax";
import { exportOnnx, spec } from "@steepest/onnx";
import { disposeTree, refTree, type Tree } from "steepest";

import { startingTrees } from "../engine/startingTrees.ts";
import type { ExportedInference } from "./exportDescription.ts";
import type { TrainedRun } from "./trainedRun.ts";

/**
 * Writes `model.onnx` into `folder`: token ids int32 [batch, context] to logits [batch, context, vocabulary], with
 * the trained weights inside.
 */
export function exportModel(
  { plan, model, optimizer, snapshot }: TrainedRun,
  folder: string,
  options: {
    readonly batch: number;
    readonly externalData: boolean | "auto";
    readonly metadata: Readonly<Record<string, string>>;
  },
): ExportedInference {
  const file = "model.onnx";
  const shape = [options.batch, model.context];
  const { params, state } = startingTrees({ model, optimizer, seed: plan.seed, snapshot, threads: 1 });
  disposeTree(state);
  const apply = (tokens: np.Array): np.Array => model.apply(refTree<Tree>(params), tokens);
  try {
    exportOnnx(apply, [spec(shape, "int32")], join(folder, file), {
      argumentNames: ["tokens"],
      resultNames: ["logits"],
      name: "model",
      weights: params,
      externalData: options.externalData,
      metadata: options.metadata,
    });
  } finally {
    disposeTree(params);
  }
  return {
    file,
    inputs: [{ name: "tokens", dtype: "int32", shape }],
    outputs: [{ name: "logits", dtype: "float32", shape: [...shape, model.vocabSize] }],
  };
}
