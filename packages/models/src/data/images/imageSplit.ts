/** Labelled images of one size, as bytes. */
export interface ImageSplit {
  readonly count: number;
  readonly shape: readonly [channels: number, height: number, width: number];
  /** Labels are 0 … classes − 1. */
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** [count, channels, height, width], row-major, 0 … 255. */
  readonly pixels: Uint8Array;
  /** [count]; 16 bits where there are more than 256 classes. */
  readonly labels: Uint8Array | Uint16Array;
}
