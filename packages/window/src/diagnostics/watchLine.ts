/** A line of watch.jsonl: numbers of one diagnostic at one step. */
export interface WatchLine {
  readonly step: number;
  readonly diagnostic: string;
  /** `layer`, `role`, `all` or `cost`. */
  readonly scope: string;
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, readonly number[]>>;
}

/** The lines of a file that are as they should be, in the order of their steps. */
export function readWatchLines(lines: readonly unknown[]): WatchLine[] {
  return lines.flatMap((line) => readWatchLine(line) ?? []).sort((a, b) => a.step - b.step);
}

function readWatchLine(line: unknown): WatchLine | undefined {
  if (!isRecord(line)) return undefined;
  const { step, diagnostic, scope, name, values, arrays } = line;
  if (typeof step !== "number" || typeof diagnostic !== "string" || typeof scope !== "string")
    return undefined;
  if (typeof name !== "string") return undefined;
  return {
    step,
    diagnostic,
    scope,
    name,
    values: only(values, (value) => typeof value === "number"),
    arrays: only(
      arrays,
      (value): value is readonly number[] =>
        Array.isArray(value) && value.every((one) => typeof one === "number"),
    ),
  };
}

function only<T>(value: unknown, fits: (one: unknown) => one is T): Record<string, T> {
  const fitting = new Map<string, T>();
  for (const [name, one] of isRecord(value) ? Object.entries(value) : [])
    if (fits(one)) fitting.set(name, one);
  return Object.fromEntries(fitting);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
