/**
 * The mean over a window around each value: `radius` values to each side. Near the start the window shrinks on both
 * sides alike, so that a steep fall is not shifted and the first value stays; at the end it loses its right half only,
 * so that the last value is a mean too. A moving average that only looks back lags behind a falling loss, more so
 * where the loss falls faster, and would favour the slower method.
 */
export function smooth(values: readonly number[], radius: number): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return values.map((_, i) => {
    const from = i - Math.min(radius, i);
    const to = Math.min(2 * i - from, values.length - 1) + 1;
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}

/** Two percent of the run to each side: enough to read the trend through the noise of small batches. */
export const smoothingRadius = (steps: number): number => Math.max(1, Math.round(steps * 0.02));
