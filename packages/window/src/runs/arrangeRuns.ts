import type { RunEntry } from "../data/runEntry.ts";

export const groupKeys = ["optimizer", "model", "data", "folder", "seed", "status"] as const;
export type GroupKey = (typeof groupKeys)[number];
export const isGroupKey = (text: string): text is GroupKey => groupKeys.some((key) => key === text);

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
};

/** Short for what a reader means. */
const other: Readonly<Record<string, string>> = { loss: "valLoss", lr: "learningRate", accuracy: "valAccuracy" };

/** Runs that have every word of the filter: in a name, or as `seed=1`, `steps>100`, `momentum>=0.9`. */
export function filterRuns(runs: readonly RunEntry[], filter: string, status: string): RunEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return runs.filter((run) => (status === "" || run.status === status) && words.every((word) => has(run, word)));
}

function has(run: RunEntry, word: string): boolean {
  const [, name, sign, text] = /^([a-z]\w*)(<=|>=|<|>|=)(.+)$/.exec(word) ?? [];
  if (name === undefined || sign === undefined || text === undefined) {
    return [run.id, run.optimizer, run.model, run.data].some((part) => part.toLowerCase().includes(word));
  }
  const wanted = (other[name] ?? name).toLowerCase();
  const all = { ...run.optimizerOptions, ...run };
  const value = Object.entries(all).find(([key]) => key.toLowerCase() === wanted)?.[1];
  if (typeof value === "number") return comparisons[sign]?.(value, Number(text)) ?? false;
  return sign === "=" && value !== undefined && value !== null && String(value).toLowerCase() === text;
}

/** Sorted by a column, `-` in front for the largest first; runs without a value come last. */
export function sortRuns(runs: readonly RunEntry[], sort: string): RunEntry[] {
  const down = sort.startsWith("-");
  const column = down ? sort.slice(1) : sort;
  const valueOf = (run: RunEntry): unknown => (isColumn(column, run) ? run[column] : undefined);
  return [...runs].sort((a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    const missing = Number(left === null || left === undefined) - Number(right === null || right === undefined);
    if (missing !== 0 || left === right) return missing || (a.id < b.id ? -1 : 1);
    const order =
      typeof left === "number" && typeof right === "number" ? left - right : String(left) < String(right) ? -1 : 1;
    return down ? -order : order;
  });
}

const isColumn = (name: string, run: RunEntry): name is keyof RunEntry => Object.hasOwn(run, name);
