/** What is learned: to write a text on, or to read digits. */
export const subjects = ["text", "digits"] as const;
export type Subject = (typeof subjects)[number];

/** What decides a training: the same settings give the same one on the same engine. */
export interface TrainSettings {
  readonly subject: Subject;
  readonly optimizer: string;
  readonly size: SizeName;
  /** Of the weights at the start and of the order of what is learned. */
  readonly seed: number;
  /** The text that is learned; of digits empty. */
  readonly text: string;
}

/** Shapes of the GPT, and how many windows of the text make a batch. */
export const sizes = {
  mini: { context: 32, width: 32, depth: 1, heads: 2, batch: 8 },
  tiny: { context: 64, width: 64, depth: 2, heads: 4, batch: 8 },
  small: { context: 64, width: 128, depth: 4, heads: 4, batch: 16 },
} as const;

/** Shapes of the CNN, and how many digits make a batch. */
export const digitSizes = {
  mini: { widths: [8, 16], depth: 1, batch: 32 },
  tiny: { widths: [16, 32], depth: 1, batch: 32 },
  small: { widths: [32, 64], depth: 2, batch: 32 },
} as const satisfies Record<SizeName, unknown>;

export type SizeName = keyof typeof sizes;

export const isSizeName = (name: string): name is SizeName => Object.hasOwn(sizes, name);
