import type { ImageShape } from "./imageModel.ts";
import { symmetricEigen } from "./symmetricEigen.ts";

export interface WhitenOptions {
  /** Side of the square patches. Default 2. */
  readonly kernel?: number;
  /** Added to every eigenvalue, so that directions of almost no variance are not blown up. Default 5e-4. */
  readonly eps?: number;
  /** Use this many images from the beginning. Default 5000. */
  readonly count?: number;
}

/**
 * The filters that whiten small patches of images, for the `whitening` setting of a `cnn`:
 *
 *   filter i = vᵢ / √(λᵢ + eps),   λᵢ, vᵢ the eigenpairs of the mean of p pᵀ over all patches p, λ falling
 *
 * `images` are float32 [n, channels, height, width], normalised as the model gets them, row by row in one array;
 * the patches are the d = channels · kernel² numbers under a window at every place. Returns d · d numbers, filter
 * after filter, each [channels, kernel, kernel]. The outputs of these filters have mean square λ / (λ + eps), about
 * 1, and are uncorrelated. The sign of each is fixed by its largest coefficient being positive.
 *
 * Source: Jordan 2024, arXiv:2404.00498, section 3.1, after Page 2018 ("How to train your ResNet"). Second moments,
 * not covariances, as there. Computed in float64 and rounded to float32.
 */
export function whiten(
  images: Float32Array,
  [channels, height, width]: ImageShape,
  { kernel = 2, eps = 5e-4, count = 5000 }: WhitenOptions = {},
): number[] {
  const pixels = channels * height * width;
  const n = Math.min(count, Math.floor(images.length / pixels));
  if (n < 1 || kernel > height || kernel > width) {
    throw new RangeError(
      `whiten needs at least one image of ${kernel} × ${kernel} pixels or more; ` +
        `got ${images.length} numbers for images of [${channels}, ${height}, ${width}]`,
    );
  }
  const offsets = Array.from({ length: channels * kernel * kernel }, (_, i) => {
    const [c, y, x] = [Math.floor(i / kernel ** 2), Math.floor((i % kernel ** 2) / kernel), i % kernel];
    return (c * height + y) * width + x;
  });
  const d = offsets.length;
  const moments = new Float64Array(d * d);
  const patch = new Float64Array(d);
  for (let image = 0; image < n; image++) {
    for (let y = 0; y + kernel <= height; y++) {
      for (let x = 0; x + kernel <= width; x++) {
        const at = image * pixels + y * width + x;
        for (let i = 0; i < d; i++) patch[i] = images[at + (offsets[i] ?? 0)] ?? 0;
        for (let i = 0; i < d; i++) {
          const p = patch[i] ?? 0;
          for (let j = i; j < d; j++) moments[i * d + j] = (moments[i * d + j] ?? 0) + p * (patch[j] ?? 0);
        }
      }
    }
  }
  const patches = n * (height - kernel + 1) * (width - kernel + 1);
  const matrix = Array.from({ length: d }, (_, i) =>
    Array.from({ length: d }, (_, j) => (moments[Math.min(i, j) * d + Math.max(i, j)] ?? 0) / patches),
  );
  const { values, vectors } = symmetricEigen(matrix);
  return vectors.flatMap((vector, i) => {
    const largest = vector.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
    const scale = Math.sign(largest || 1) / Math.sqrt(Math.max(0, values[i] ?? 0) + eps);
    return vector.map((v) => Math.fround(v * scale));
  });
}
