import type { HostTensors } from "../engine/hostTensor.ts";

/** What is known of a step that is looked at. Tensors are those of the parameters, but for `batch`. */
export interface Moment {
  /** Updates made, this one included. */
  readonly step: number;
  readonly batch: HostTensors;
  /** Loss of the batch before the step. */
  readonly loss: number;
  readonly before: HostTensors;
  readonly after: HostTensors;
  /** x⁺ − x. */
  readonly update: HostTensors;
  /** At the parameters before the step, of the whole batch. Empty where no diagnostic needs it; so with what follows. */
  readonly gradients: HostTensors;
  /** The estimator that the method stepped by, `gradientEstimate` of its state after the step. */
  readonly estimate: HostTensors;
  /** At the parameters before the step, of equal parts of the batch. */
  readonly parts: readonly HostTensors[];
  /** At the parameters after the step, of the same batch, and its loss there. */
  readonly next: { readonly loss: number; readonly gradients: HostTensors } | undefined;
  /** Of the step before; undefined where it is not known: at the first step, and right after a resume. */
  readonly earlier: HostTensors | undefined;
  /** Σγ over the steps made, of a rate 1: the sum of what the schedule multiplies rates with. */
  readonly sumOfFactors: number;
}

/** What a diagnostic needs beside the parameters before and after the step. */
export type Need = "gradients" | "parts" | "next" | "estimate" | "earlier";
