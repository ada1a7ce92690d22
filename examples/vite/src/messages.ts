/** What the worker tells the page. */
export interface Progress {
  readonly step: number;
  readonly loss: number;
  /** What the model makes of a beginning, now and then. */
  readonly sample?: string;
}

/** What the page tells the worker. */
export interface Wish {
  readonly learningRateScale: number;
}
