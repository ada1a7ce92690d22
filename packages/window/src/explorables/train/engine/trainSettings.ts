/** What decides a training: the same settings give the same one on the same engine. */
export interface TrainSettings {
  readonly optimizer: string;
  readonly size: SizeName;
  /** Of the weights at the start and of the order of the text. */
  readonly seed: number;
  /** The text that is learned. */
  readonly text: string;
}

/** Shapes of the GPT, and how many windows of the text make a batch. */
export const sizes = {
  mini: { context: 32, width: 32, depth: 1, heads: 2, batch: 8 },
  tiny: { context: 64, width: 64, depth: 2, heads: 4, batch: 8 },
  small: { context: 64, width: 128, depth: 4, heads: 4, batch: 16 },
} as const;

export type SizeName = keyof typeof sizes;

export const isSizeName = (name: string): name is SizeName => Object.hasOwn(sizes, name);
