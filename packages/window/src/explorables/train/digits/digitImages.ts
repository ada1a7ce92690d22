import { drawDigit, SIDE } from "./drawDigit.ts";

export const CLASSES = 10;
export const TRAINING = 2000;
/** Of other hands; a model is tried on all of them. */
export const TEST = 200;

/** Of the digits that are drawn, whatever the seed of a training: every training sees the same ones. */
const SEED = 12;

/** A split as `imageDataset` takes it. */
export interface DigitImages {
  readonly count: number;
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly classes: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** The digits 0 to 9 in turn, `count` of them, drawn here by `drawDigit`; nothing is loaded. */
function digitImages(count: number, first: number): DigitImages {
  const size = SIDE * SIDE;
  const pixels = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % CLASSES;
    drawDigit(i % CLASSES, { seed: SEED, number: first + i, pixels, at: i * size });
  }
  return { count, shape: [1, SIDE, SIDE], classes: CLASSES, pixels, labels };
}

export const testDigits = (count = TEST): DigitImages => digitImages(count, 0);
export const trainingDigits = (count = TRAINING): DigitImages => digitImages(count, TEST);
