/** A number of an address, within its range; `start` where there is none. */
export function numberIn(
  query: URLSearchParams,
  name: string,
  { start, low, high }: { readonly start: number; readonly low: number; readonly high: number },
): number {
  const text = query.get(name);
  const value = text === null || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? clamp(value, low, high) : start;
}

export const clamp = (value: number, low: number, high: number): number =>
  Math.min(high, Math.max(low, value));
