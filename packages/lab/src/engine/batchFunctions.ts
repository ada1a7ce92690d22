import type { numpy as np } from "@jax-js/jax";
import type { AnyModel, ImageModel, Statistics, TestTime } from "@steepest/models";
import type { Tree } from "steepest";

import type { HostTensors } from "./hostTensor.ts";

/** A batch as arrays by name: tokens and targets, images and labels, or nothing. */
export type Batch = Record<string, np.Array>;

/** What a validation computes of a batch. */
export type Evaluation = {
  /** For classifiers the plain cross-entropy, else the training loss. */
  readonly loss: number;
  /** Share of right answers, of classifiers. */
  readonly accuracy?: number;
};

/** In a batch that is to be scored, what batch norm shall normalise with has this before its name. */
const prefix = "statistics:";

/** A batch together with the statistics to score it with. */
export function withStatistics(batch: HostTensors, statistics: HostTensors): HostTensors {
  const named = Object.entries(statistics).map(([name, tensor]) => [`${prefix}${name}`, tensor] as const);
  return { ...batch, ...Object.fromEntries(named) };
}

/** The training loss of a model whose kind does not matter. Its batches are those of the model. */
export function lossOf({ loss }: AnyModel): (params: Tree, batch: Batch) => np.Array {
  return loss as (params: Tree, batch: Tree) => np.Array;
}

/** `loss`, and for a classifier `accuracy`, of a batch, perhaps `withStatistics`. */
export function evaluationOf(
  model: AnyModel,
  testTime: TestTime | undefined,
): (params: Tree, batch: Batch) => Record<keyof Evaluation, np.Array> | { loss: np.Array } {
  if (model.kind !== "image") return (params, batch) => ({ loss: lossOf(model)(params, batch) });
  return (params, batch) => {
    const given = Object.entries(batch).filter(([name]) => name.startsWith(prefix));
    const statistics: Statistics = Object.fromEntries(
      given.map(([name, array]) => [name.slice(prefix.length), array]),
    );
    return model.score(params, imagesOf(batch), {
      ...(given.length > 0 && { statistics }),
      ...(testTime !== undefined && { testTime }),
    });
  };
}

/** The batch-norm statistics of a batch, where the model has some. */
export function statisticsOf(model: AnyModel): ((params: Tree, batch: Batch) => Statistics) | undefined {
  if (model.kind !== "image" || model.statistics === undefined) return undefined;
  const image: ImageModel = model;
  return (params, batch) => {
    const { images, labels } = imagesOf(batch);
    labels.dispose();
    return image.statistics?.(params, images) ?? {};
  };
}

function imagesOf({ images, labels }: Batch): { images: np.Array; labels: np.Array } {
  if (images === undefined || labels === undefined) throw new Error("internal: a batch without images");
  return { images, labels };
}
