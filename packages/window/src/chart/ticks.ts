/** Round numbers from `low` to `high`, about `count` of them; on a log scale powers of ten, with 2 and 5 where there are few. */
export function ticks(low: number, high: number, count: number, log: boolean): number[] {
  if (!(high > low)) return [low];
  if (log && low > 0) {
    const from = Math.floor(Math.log10(low));
    const to = Math.ceil(Math.log10(high));
    const parts = to - from > 3 ? [1] : [1, 2, 5];
    const powers = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
    return powers
      .flatMap((power) => parts.map((part) => part * power))
      .filter((tick) => tick >= low && tick <= high);
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((part) => part * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
