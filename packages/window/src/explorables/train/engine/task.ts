import type { numpy as np } from "@jax-js/jax";
import type { ImageModel, LanguageModel, TextDataset, Tokenizer } from "@steepest/models";
import type { Optimizer, Tree } from "steepest";
import type { DigitImages } from "../digits/digitImages.ts";

/** All that a training needs besides something that computes. */
export type Task = TextTask | DigitsTask;

interface Steps {
  readonly optimizer: Optimizer;
  /** Tokens or images. */
  readonly perStep: number;
  /** The weights at the start: those of the model for its seed, whatever the optimizer would choose. */
  start(): Tree;
  batch(step: number): Tree;
  /** Of a batch, a scalar. Consumes both. */
  loss(params: Tree, batch: Tree): np.Array;
}

/** A GPT learns to write. */
export interface TextTask extends Steps {
  readonly subject: "text";
  readonly model: LanguageModel;
  readonly tokenizer: Tokenizer;
  readonly data: TextDataset;
}

/** A CNN learns to read digits. */
export interface DigitsTask extends Steps {
  readonly subject: "digits";
  readonly model: ImageModel;
  readonly test: DigitImages;
  /** Mean and deviation of the pixels that the model sees as 0 and 1. */
  readonly normalisation: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  /** Digits of the training whose statistics stand for all in batch norm, [count, 1, side, side]. */
  typical(): np.Array;
  /** All test digits, in their order. */
  questions(): np.Array;
}
