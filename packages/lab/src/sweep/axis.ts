import { parseNumber } from "../plan/numberText.ts";
import type { Json } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { axisSyntax } from "./axisSyntax.ts";

/** A setting that a sweep varies, as it was written: whose it is, `settingOf` decides. */
export type Axis = ListAxis | RangeAxis;

/** Certain values, in the order they were given. */
export interface ListAxis {
  readonly name: string;
  readonly values: readonly Json[];
}

/** Numbers between two ends. */
export interface RangeAxis {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly scale: "log" | "linear";
  /** Values of a grid, both ends among them. */
  readonly points: number;
}

export const isRange = (axis: Axis): axis is RangeAxis => "low" in axis;

/** Neighbours on a log grid differ by about this factor where nobody says how many there are. */
const LOG_STEP = 3;
/** Values of a linear grid where nobody says how many. */
const LINEAR_POINTS = 5;
/** A range whose ends differ by this factor or more is divided by factors, not by differences. */
const LOG_FROM = 8;

/** Reads one `--over`. Throws `UsageError` where it cannot be read or has no room for a choice. */
export function parseAxis(text: string): Axis {
  const [, name, spec] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
  if (name === undefined || spec === undefined)
    throw new UsageError(`cannot read --over "${text}": expected ${axisSyntax}`);
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const ends = /^([^.].*?)\.\.([^:]+)((?::[^:]+)*)$/.exec(spec);
  return ends === null ? readList(camel, spec, text) : readRange(camel, ends, text);
}

function readList(name: string, spec: string, text: string): ListAxis {
  const values = spec.split(",").map((part) => readValue(part.trim()));
  if (values.some((value) => value === ""))
    throw new UsageError(`--over "${text}" has an empty value: expected ${axisSyntax}`);
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice !== undefined) throw new UsageError(`--over "${text}" has ${JSON.stringify(twice)} twice`);
  return { name, values };
}

function readRange(
  name: string,
  [, from = "", to = "", rest = ""]: readonly string[],
  text: string,
): RangeAxis {
  const [low, high] = [parseNumber(from), parseNumber(to)];
  if (
    typeof low !== "number" ||
    typeof high !== "number" ||
    !Number.isFinite(low) ||
    !Number.isFinite(high)
  ) {
    throw new UsageError(`the ends of --over "${text}" must be numbers: expected ${axisSyntax}`);
  }
  if (low >= high) throw new UsageError(`--over "${text}" must go from a smaller number to a larger one`);
  let scale: RangeAxis["scale"] = low > 0 && high / low >= LOG_FROM ? "log" : "linear";
  let points: number | undefined;
  for (const part of rest.split(":").slice(1)) {
    const count = parseNumber(part);
    if (part === "log" || part === "linear") scale = part;
    else if (typeof count === "number" && Number.isSafeInteger(count) && count >= 2) points = count;
    else
      throw new UsageError(
        `cannot read ":${part}" of --over "${text}": expected a number of points ≥ 2, log or linear`,
      );
  }
  if (scale === "log" && low <= 0)
    throw new UsageError(`--over "${text}" cannot be on a log scale: ${low} is not > 0`);
  return { name, low, high, scale, points: points ?? usualPoints(low, high, scale) };
}

const usualPoints = (low: number, high: number, scale: RangeAxis["scale"]): number =>
  scale === "linear" ? LINEAR_POINTS : Math.max(2, Math.round(Math.log(high / low) / Math.log(LOG_STEP)) + 1);

function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
