const BLOCKS = [..."▁▂▃▄▅▆▇█"];

/**
 * A curve as one line of blocks, `width` at most. Values are means over equal parts; `low` and `high` are the ends of
 * the scale, so that several lines can share one. What is not a number is a space.
 */
export function sparkline(
  values: readonly number[],
  width: number,
  { low = smallest(values), high = largest(values) }: { readonly low?: number; readonly high?: number } = {},
): string {
  const parts = Math.min(width, values.length);
  return Array.from({ length: parts }, (_, i) => {
    const part = values
      .slice(Math.floor((i * values.length) / parts), Math.floor(((i + 1) * values.length) / parts))
      .filter(Number.isFinite);
    if (part.length === 0) return " ";
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    const level = high > low ? ((mean - low) / (high - low)) * (BLOCKS.length - 1) : 0;
    return BLOCKS[Math.min(BLOCKS.length - 1, Math.max(0, Math.round(level)))];
  }).join("");
}

const smallest = (values: readonly number[]): number => Math.min(...values.filter(Number.isFinite));
const largest = (values: readonly number[]): number => Math.max(...values.filter(Number.isFinite));
