/** Labelled images of one size, as bytes. */
export interface ImageSplit {
  readonly count: number;
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Labels are 0 … classes − 1. */
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** [count, channels, height, width], row-major, 0 … 255. */
  readonly pixels: Uint8Array;
  /** [count] */
  readonly labels: Uint8Array;
}
