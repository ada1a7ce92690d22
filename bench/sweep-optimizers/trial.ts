/** One run of the sweep over all optimizers. */
export interface Trial {
  readonly optimizer: string;
  readonly learningRate: number;
  readonly steps: number;
  readonly seed: number;
  /** Nats per character on the validation text after the last step. Null where the run diverged. */
  readonly valLoss: number | null;
  /** Why a run diverged, and at which step. */
  readonly fault?: string;
  /** Processor time of a step on one thread, with the gradient. Absent where the run diverged. */
  readonly msPerStep?: number;
  readonly stateFloats: number;
  readonly parameters: number;
}
