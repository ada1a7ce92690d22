import type { ImageFacts } from "../prepare/imageFacts.ts";

/** An input or output of an exported graph. */
export interface ExportedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** `model.onnx`: the trained model. */
export interface ExportedInference {
  readonly file: string;
  readonly inputs: readonly ExportedTensor[];
  readonly outputs: readonly ExportedTensor[];
}

/** The graph of one of the optimizer's computations. */
export interface ExportedGraph {
  readonly file: string;
  /** Of the first step that computes this: step modulo the optimizer's period. */
  readonly phase: number;
}

/** The training step: a graph for each of the optimizer's computations, all with the same inputs and outputs. */
export interface ExportedTrainStep {
  readonly graphs: readonly ExportedGraph[];
  /** Position in `graphs` of step 0. */
  readonly firstStep: number;
  /** Positions in `graphs` of every other step s: `cycle[s % cycle.length]`. */
  readonly cycle: readonly number[];
  /** The step that the checkpoint is before, counted from 0. */
  readonly nextStep: number;
  /** The input that multiplies every learning rate of the run, and what the run's own schedule had it at. */
  readonly learningRateFactor: {
    readonly input: string;
    readonly schedule: string;
    /** In the last step before the checkpoint. */
    readonly lastStep: number;
  };
  /** Files with the starting values of the inputs `params.*` and `state.*`, under the names without that prefix. */
  readonly start: Readonly<Record<"params" | "state", string>>;
  readonly inputs: readonly ExportedTensor[];
  /** `feeds`: the input that this output is in the next step. */
  readonly outputs: readonly (ExportedTensor & { readonly feeds?: string })[];
}

/** `model.safetensors`: the trained weights for other programs, and for `train --weights`. */
export interface ExportedWeights {
  readonly file: string;
  readonly config: string;
  /** Whose names the tensors have, and whose settings `config` holds. */
  readonly naming: "Hugging Face" | "steepest";
  /** Why they are not Hugging Face's. */
  readonly why?: string;
  /** Of characters, or a `tokenizer.json`. */
  readonly tokenizer?: string;
  /** Of batch norm. */
  readonly statistics?: string;
}

/** `meta.json`. */
export interface ExportDescription {
  readonly format: 1;
  /** Updates made until the checkpoint. */
  readonly step: number;
  readonly plan: unknown;
  readonly packages: Readonly<Record<string, string>>;
  /** The file of the vocabulary, where there is one. */
  readonly tokenizer?: string;
  /** What goes into an image model, and what its logits are of. */
  readonly images?: ImageFacts;
  readonly model?: ExportedInference;
  readonly trainStep?: ExportedTrainStep;
  readonly weights?: ExportedWeights;
}
