import type { numpy as np } from "@jax-js/jax";
import type { Tree } from "steepest";
import type { Model } from "../model/model.ts";
import type { TestTime } from "./testTime.ts";

/** Images float32 [batch, channels, height, width], normalised, and their classes int32 [batch]. */
export type ImageBatch = { images: np.Array; labels: np.Array };

/** Channels, height, width. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** Means and variances of the batch-norm layers, [channels] each, by a name of their own. */
export type Statistics = Record<string, np.Array>;

/** How well a model does on a batch, in numbers that compare across models. */
export type Score = {
  /** Mean cross-entropy in nats, without label smoothing or penalties. */
  loss: np.Array;
  /** Share of the images whose largest logit is that of their label, in [0, 1]. */
  accuracy: np.Array;
};

export interface ScoreOptions {
  /** Averages of `statistics` over training batches. Absent: those of the batch itself. */
  readonly statistics?: Statistics;
  /** Average the logits over changed copies of each image. Default "none". */
  readonly testTime?: TestTime;
}

/**
 * A classifier of images.
 *
 * Batch normalisation keeps no state: training normalises with the statistics of its batch, and for evaluation
 * `statistics` tells them, to be averaged over some training batches with the parameters as they are ("precise
 * batch norm": Wu & Johnson 2021, arXiv:2105.07576). Nothing hidden is trained, saved or forgotten.
 */
export interface ImageModel<P extends Tree = Tree> extends Model<P, ImageBatch> {
  readonly kind: "image";
  readonly imageShape: ImageShape;
  readonly classes: number;
  /** Images to logits [batch, classes]. Without statistics, batch norm uses those of the batch. */
  apply(params: P, images: np.Array, statistics?: Statistics): np.Array;
  /** The statistics of a batch. Absent where nothing is batch-normalised. */
  statistics?(params: P, images: np.Array): Statistics;
  score(params: P, batch: ImageBatch, options?: ScoreOptions): Score;
}
