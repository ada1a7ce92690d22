import { numpy as np } from "@jax-js/jax";
import type { TestTime } from "./testTime.ts";

/**
 * Logits [batch, classes] averaged over copies of the images [batch, channels, height, width], all copies as one
 * batch. Source: Jordan 2024, arXiv:2404.00498, section 3.5 ("multi-crop evaluation").
 */
export function testTimeLogits(
  apply: (images: np.Array) => np.Array,
  images: np.Array,
  testTime: TestTime,
): np.Array {
  if (testTime === "none") return apply(images);
  const batch = images.shape[0] ?? 0;
  const copies = testTime === "flip" ? [images] : [images.ref, shifted(images.ref, 0), shifted(images, 2)];
  const both = copies.flatMap((copy) => [copy.ref, np.flip(copy, 3)]);
  const weights = testTime === "flip" ? [0.5, 0.5] : [0.25, 0.25, 0.125, 0.125, 0.125, 0.125];
  const logits = apply(np.concatenate(both, 0));
  const classes = logits.shape[1] ?? 0;
  const weight = np.array(new Float32Array(weights)).reshape([weights.length, 1, 1]);
  return np.sum(logits.reshape([weights.length, batch, classes]).mul(weight.astype(logits.dtype)), 0);
}

/** The window at (offset, offset) of the images padded by one reflected pixel: 0 moves them down and right, 2 up and left. */
function shifted(images: np.Array, offset: 0 | 2): np.Array {
  return [2, 3].reduce((x, axis) => {
    const n = x.shape[axis] ?? 1;
    const at = (from: number, to: number): np.Array =>
      axis === 2 ? x.ref.slice([], [], [from, to]) : x.ref.slice([], [], [], [from, to]);
    // The pixel beside the edge stands in for what is beyond it, as PyTorch's "reflect" has it.
    const moved =
      offset === 0
        ? np.concatenate([at(Math.min(1, n - 1), Math.min(2, n)), at(0, n - 1)], axis)
        : np.concatenate([at(1, n), at(Math.max(0, n - 2), Math.max(1, n - 1))], axis);
    x.dispose();
    return moved;
  }, images);
}
