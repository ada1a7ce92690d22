/** Where a value lies between two ends of the paper. */
export type Scale = (value: number) => number;

export function scaleOf(
  domain: readonly [number, number],
  paper: readonly [number, number],
  log: boolean,
): Scale {
  const of = (value: number): number => (log ? Math.log(value) : value);
  const [low, high] = [of(domain[0]), of(domain[1])];
  const width = high > low ? high - low : 1;
  return (value) => paper[0] + ((of(value) - low) / width) * (paper[1] - paper[0]);
}

/** The lowest and highest of numbers, those a log scale has no place for left out; [0, 1] of none. */
export function extent(values: Iterable<number>, log: boolean): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > high ? [log ? 0.1 : 0, 1] : [low, high];
}
