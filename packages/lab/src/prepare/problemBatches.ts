import type { BatchSource } from "./batchSource.ts";

/** A problem is fed nothing: every batch is empty, and one validation is enough. */
export function problemBatches(): BatchSource {
  return {
    tokensPerStep: 1,
    unit: "evaluations",
    train: () => ({}),
    validation: () => [{}],
    sha256: "none",
  };
}
