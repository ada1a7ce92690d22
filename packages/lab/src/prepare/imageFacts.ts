/** What somebody must know to give a trained model an image and to read its answer. */
export interface ImageFacts {
  /** Of pixels from 0 to 1, for each channel: a model sees (pixel − mean) / deviation. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Where they have names. */
  readonly classNames?: readonly string[];
}
