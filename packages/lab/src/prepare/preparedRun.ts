import type { AnyModel, Tokenizer } from "@steepest/models";
import type { Optimizer } from "steepest";

import type { RunPlan } from "../plan/runPlan.ts";
import type { BatchSource } from "./batchSource.ts";
import type { ImageFacts } from "./imageFacts.ts";

/** What a run needs besides a folder. */
export interface PreparedRun {
  /** With what the weights decide, where the run starts from some. */
  readonly plan: RunPlan;
  readonly model: AnyModel;
  readonly optimizer: Optimizer;
  /** Of a language model, where it is known what made the tokens. */
  readonly tokenizer?: Tokenizer;
  /** Of an image model: what its inputs and outputs mean. */
  readonly images?: ImageFacts;
  /** What of the data is trained on, validated on and left out. */
  readonly split?: string;
  readonly batches: BatchSource;
}
