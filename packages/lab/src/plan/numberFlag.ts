import { parseNumber } from "./numberText.ts";
import { UsageError } from "./usageError.ts";

/** What a number on the command line may be. */
export interface NumberRange {
  readonly least?: number;
  /** Must be larger than this. */
  readonly above?: number;
  readonly most?: number;
  readonly whole?: boolean;
}

/** The value of a flag, undefined where it is not given. Throws `UsageError` with the range and what was found. */
export function numberFlag(flag: string, text: string | undefined, range: NumberRange): number | undefined {
  if (text === undefined) return undefined;
  const { least = -Infinity, above = -Infinity, most = Infinity, whole = false } = range;
  const value = parseNumber(text);
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (!whole || Number.isSafeInteger(value)) &&
    value >= least &&
    value > above &&
    value <= most;
  if (fits) return value;
  const bounds = [
    ...(least > -Infinity ? [`≥ ${least}`] : []),
    ...(above > -Infinity ? [`> ${above}`] : []),
    ...(most < Infinity ? [`≤ ${most}`] : []),
  ].join(" and ");
  throw new UsageError(`${flag} must be a ${whole ? "whole " : ""}number ${bounds}, got "${text}"`);
}
