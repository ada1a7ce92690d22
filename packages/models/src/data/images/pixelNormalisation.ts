import type { ImageSplit } from "./imageSplit.ts";

/** Mean and standard deviation of pixels / 255, one per channel. */
export interface Normalisation {
  readonly mean: readonly number[];
  /** 1 where all pixels of a channel are the same. */
  readonly deviation: readonly number[];
}

/** Of all pixels of a split, exactly: the 256 values are counted first. */
export function pixelNormalisation({ count, shape, pixels }: ImageSplit): Normalisation {
  const [channels, height, width] = shape;
  const size = height * width;
  const counts = Array.from({ length: channels }, () => new Float64Array(256));
  counts.forEach((histogram, channel) => {
    for (let image = 0; image < count; image++) {
      const first = (image * channels + channel) * size;
      for (let i = first; i < first + size; i++) {
        const byte = pixels[i] ?? 0;
        histogram[byte] = (histogram[byte] ?? 0) + 1;
      }
    }
  });
  const moments = counts.map((histogram) => {
    const n = count * size;
    const mean = histogram.reduce((sum, times, byte) => sum + times * byte, 0) / n / 255;
    const variance = histogram.reduce((sum, times, byte) => sum + times * (byte / 255 - mean) ** 2, 0) / n;
    return { mean, deviation: Math.sqrt(variance) || 1 };
  });
  return { mean: moments.map(({ mean }) => mean), deviation: moments.map(({ deviation }) => deviation) };
}
