import { ConfigError } from "./configError.ts";

/** Throws `ConfigError` unless the value is a number in [least, below). */
export function expectNumber(name: string, value: unknown, least: number, below = Infinity): void {
  if (typeof value === "number" && value >= least && value < below) return;
  const range = below === Infinity ? `a number ≥ ${least}` : `a number ≥ ${least} and < ${below}`;
  throw new ConfigError(`${name} must be ${range}; got ${String(value)}`);
}
