/**
 * At most about `limit` of the indices 0 … length − 1, first and last included: half of them evenly spread, half
 * evenly in the logarithm, so that a curve keeps its shape on both kinds of axis.
 */
export function sampleIndices(length: number, limit: number): number[] {
  if (length <= limit) return Array.from({ length }, (_, i) => i);
  const half = Math.max(2, Math.floor(limit / 2));
  const chosen = new Set<number>();
  for (let i = 0; i < half; i++) {
    const fraction = i / (half - 1);
    chosen.add(Math.round(fraction * (length - 1)));
    chosen.add(Math.round(length ** fraction) - 1);
  }
  return [...chosen].sort((a, b) => a - b);
}
