/** How numbers are written in tables and reports. A missing number is an en dash. */
export const MISSING = "–";

type Maybe = number | null | undefined;
const known = (value: Maybe): value is number => typeof value === "number" && !Number.isNaN(value);

/** A loss in nats: four decimals near 1, fewer digits where they would say nothing. */
export function formatLoss(loss: Maybe): string {
  if (!known(loss)) return MISSING;
  if (!Number.isFinite(loss)) return loss > 0 ? "∞" : "−∞";
  const size = Math.abs(loss);
  if (size !== 0 && size < 0.001) return loss.toExponential(2);
  return size >= 1e5 ? loss.toExponential(2) : loss.toFixed(size >= 100 ? 1 : 4);
}

/** Milliseconds with three significant digits. */
export function formatMs(ms: Maybe): string {
  if (!known(ms)) return MISSING;
  return ms >= 100 ? grouped(ms, 0) : ms.toFixed(ms >= 10 ? 1 : 2);
}

/** A whole number with thousands separated. */
export const formatCount = (count: Maybe): string => (known(count) ? grouped(count, 0) : MISSING);

/** A count and its noun: `1 step`, `2,000 steps`. `several` is for more than an "s", as in "runs are kept". */
export const formatCountOf = (count: number, one: string, several = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : several}`;

/** A fraction as a percentage. */
export function formatShare(share: Maybe): string {
  if (!known(share)) return MISSING;
  const percent = share * 100;
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

/** A share of right answers as a percentage with two decimals: one of 10,000 images is seen. */
export const formatAccuracy = (accuracy: Maybe): string =>
  known(accuracy) ? `${(100 * accuracy).toFixed(2)} %` : MISSING;

/** A ratio with two decimals. */
export const formatRatio = (ratio: Maybe): string => (known(ratio) ? ratio.toFixed(2) : MISSING);

/** Bytes in binary units. */
export function formatBytes(bytes: Maybe): string {
  if (!known(bytes)) return MISSING;
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** `1.2300–1.2400`: the range of a number over seeds; nothing where all print the same. */
export function formatRange(values: readonly number[], format: (value: Maybe) => string): string {
  if (values.length === 0) return "";
  const low = format(Math.min(...values));
  const high = format(Math.max(...values));
  return low === high ? "" : `${low}–${high}`;
}

const grouped = (value: number, digits: number): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
