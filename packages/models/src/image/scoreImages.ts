import { numpy as np } from "@jax-js/jax";
import type { ImageBatch, Score, ScoreOptions } from "./imageModel.ts";
import { smoothedCrossEntropy } from "./smoothedCrossEntropy.ts";
import { testTimeLogits } from "./testTimeLogits.ts";

/** `ImageModel.score` for labels as they are; where two logits are equal, the earlier class is the answer. */
export function scoreImages<P>(
  apply: (params: P, images: np.Array, statistics?: ScoreOptions["statistics"]) => np.Array,
  params: P,
  { images, labels }: ImageBatch,
  { statistics, testTime = "none" }: ScoreOptions = {},
): Score {
  const logits = testTimeLogits((x) => apply(params, x, statistics), images, testTime);
  const isRight = np.equal(np.argmax(logits.ref, -1), labels.ref);
  return {
    loss: smoothedCrossEntropy(logits, labels),
    accuracy: np.mean(isRight.astype(np.float32)),
  };
}
