import { metricNames } from "./metricColumns.ts";
import { QuestionError } from "./questionError.ts";
import { axisNames, type SeriesQuery } from "./seriesStore.ts";

const MOST_BUCKETS = 4000;
const MOST_RUNS = 100;

/** The runs that a question names, `run=…` once or more. Throws `QuestionError`. */
export function readRuns(query: URLSearchParams, least: number): string[] {
  const runs = query.getAll("run");
  if (runs.length >= least && runs.length <= MOST_RUNS) return runs;
  throw new QuestionError(400, `expected ${least} to ${MOST_RUNS} times run=…, got ${runs.length}`);
}

/** Which curve is asked for, and how wide. Throws `QuestionError` with what was expected. */
export function readSeriesQuery(query: URLSearchParams): SeriesQuery {
  const from = readNumber(query, "from", -Infinity, Infinity);
  const to = readNumber(query, "to", -Infinity, Infinity);
  return {
    metric: readName(query, "metric", metricNames),
    axis: readName(query, "x", axisNames),
    buckets: Math.round(readNumber(query, "buckets", 1, MOST_BUCKETS) ?? 1000),
    log: query.get("log") === "1",
    smooth: readNumber(query, "smooth", 0, 0.9999) ?? 0,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function readName<T extends string>(query: URLSearchParams, name: string, known: readonly T[]): T {
  const given = query.get(name) ?? known[0];
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  throw new QuestionError(400, `${name} must be one of ${known.join(", ")}`);
}

function readNumber(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new QuestionError(400, `${name} must be a number in [${least}, ${most}]`);
}
