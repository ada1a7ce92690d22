export const MISSING = "–";

/** A loss, with four digits behind the point or, where it is tiny or huge, three in all. */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  const size = Math.abs(value);
  return size !== 0 && (size < 0.001 || size >= 10_000) ? value.toExponential(2) : value.toFixed(4);
}

/** A number with up to four digits that count. */
export function plain(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(4)));
}

const steps = [
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** `1.2M`. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return MISSING;
  const found = steps.find(([size]) => Math.abs(value) >= size);
  return found === undefined ? plain(value) : `${Number((value / found[0]).toPrecision(3))}${found[1]}`;
}

export const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? MISSING : `${(100 * value).toFixed(1)} %`;

export const bytes = (value: number | null | undefined): string =>
  value === null || value === undefined ? MISSING : `${short(value)}B`;

/** A day and a time of the reader's place. */
export const when = (iso: string | null): string =>
  iso === null
    ? MISSING
    : new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Any value of a setting, as a reader would write it. */
export const setting = (value: unknown): string =>
  value === undefined
    ? MISSING
    : typeof value === "string"
      ? value
      : typeof value === "number"
        ? plain(value)
        : JSON.stringify(value);
