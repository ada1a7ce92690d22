import type { HostTensors } from "../engine/hostTensor.ts";
import type { ExampleUnit } from "../plan/runObserver.ts";

/** Batches of a run, each a pure function of its number, so that a checkpoint needs no position. */
export interface BatchSource {
  /** Tokens or images of a step. */
  readonly tokensPerStep: number;
  readonly unit: ExampleUnit;
  /** The batch of a step, counted from 0. */
  train(step: number): HostTensors | Promise<HostTensors>;
  /** Always the same ones; the last may be smaller. */
  validation(): Iterable<HostTensors>;
  /** Of the whole data, to notice that they have changed. */
  readonly sha256: string;
}
