import { numpy as np, valueAndGrad } from "@jax-js/jax";
import { encodeSafetensors, encodeState, exportWeights, type Model } from "@steepest/models";
import { exportOnnxBytes } from "@steepest/onnx/export";
import { applyUpdates, disposeTree, refTree, type Tree } from "steepest";
import type { FileKind } from "./messages.ts";
import type { Task } from "./task.ts";
import type { OptimizerState, Trainer } from "./trainer.ts";

/**
 * A training as a file, of where it stands: `state` to go on from; `weights` and `config`, which `loadPretrained` reads from one
 * folder; `onnx`, the whole step as a graph of parameters, state and batch.
 */
export async function exportFile(
  task: Task,
  trainer: Trainer,
  kind: FileKind,
): Promise<Uint8Array<ArrayBuffer>> {
  const { model } = task;
  if (kind === "config") {
    const described = {
      model: { family: model.name, config: model.config },
      ...(task.subject === "text"
        ? { tokenizer: task.tokenizer.toJSON() }
        : { images: { ...task.normalisation, classNames: Array.from("0123456789") } }),
      training: { optimizer: task.optimizer.name, step: trainer.step },
    };
    return encoded(`${JSON.stringify(described, null, 2)}\n`);
  }
  const stand = await trainer.stand();
  const { params, state } = stand;
  if (kind === "weights") {
    disposeTree(state);
    const tensors = await exportWeights<Tree>(model as Model<Tree>, params);
    return joined(encodeSafetensors(tensors, { format: "pt" }));
  }
  try {
    return kind === "state" ? await encodeState(stand) : stepGraph(task, params, state, stand.step);
  } finally {
    disposeTree([params, state]);
  }
}

/** Of the phase that comes next. */
function stepGraph(task: Task, params: Tree, state: OptimizerState, made: number): Uint8Array<ArrayBuffer> {
  const { optimizer } = task;
  const place = { phase: made % (optimizer.period ?? 1), first: made === 0 };
  const trainStep = (p: Tree, s: OptimizerState, batch: Tree, learningRateScale: np.Array): unknown[] => {
    const [loss, gradients] = valueAndGrad((q: Tree, b: Tree) => task.loss(q, b))(refTree(p), batch) as [
      np.Array,
      Tree,
    ];
    const context = { ...place, learningRateScale };
    const [updates, next] = optimizer.update(gradients, s, refTree(p), context);
    learningRateScale.dispose();
    return [applyUpdates(p, updates), next, loss];
  };
  const batch = task.batch(made);
  const scale = np.array(1, { dtype: np.float32 });
  try {
    return exportOnnxBytes(trainStep, [params, state, batch, scale], {
      name: "train_step",
      argumentNames: ["params", "state", "batch", "learningRateScale"],
      resultNames: ["params", "state", "loss"],
      metadata: { optimizer: String(optimizer.name), phase: String(place.phase) },
    });
  } finally {
    disposeTree([batch, scale]);
  }
}

const encoded = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
