/** A value that survives JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Options as they are written in a config file. */
export type JsonOptions = { readonly [name: string]: Json };

export const scheduleNames = ["constant", "linear", "cosine", "wsd", "inverse-sqrt"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export const engineNames = ["jax"] as const;
export type EngineName = (typeof engineNames)[number];

/** Everything that decides what a run computes. JSON, so that a run folder can say how to repeat it. */
export interface RunPlan {
  /** `options` are those of `describeOptimizer(name)`; what is absent has its default there. */
  readonly optimizer: { readonly name: string; readonly options: JsonOptions };
  /** A family (`gpt`) or a preset of one (`tiny`), and the settings that differ from it. */
  readonly model: { readonly name: string; readonly config: JsonOptions };
  readonly data: DataPlan;
  /** Updates to make in all. */
  readonly steps: number;
  /** Sequences (or examples) per step. */
  readonly batch: number;
  readonly seed: number;
  readonly schedule: SchedulePlan;
  /** Gradients are scaled down to this global norm. Absent: not at all. */
  readonly clip?: number;
  readonly validation: ValidationPlan;
  readonly checkpoints: CheckpointPlan;
  readonly engine: EngineName;
  /** Threads of the engine. The numbers are the same with any number of them. */
  readonly threads: number;
}

/** What to train on. Further kinds of data (shards, images) will be further members. */
export interface DataPlan {
  readonly kind: "text";
  /** A UTF-8 file, as an absolute path. Absent: *Moby Dick* from its npm package. */
  readonly file?: string;
  readonly tokenizer: "char" | "gpt2";
}

/** A factor on every learning rate over the steps of the run. */
export interface SchedulePlan {
  readonly name: ScheduleName;
  /** Steps of linear warm-up. */
  readonly warmup: number;
}

export interface ValidationPlan {
  /** Steps between validations; one is always made before the first step and one after the last. */
  readonly every: number;
  /** Batches a validation averages over: always the same ones. */
  readonly batches: number;
}

export interface CheckpointPlan {
  /** Steps between checkpoints; one is always made at the end. 0: only there. */
  readonly every: number;
  /** How many of the latest to keep, ≥ 1. */
  readonly keep: number;
}
