import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";

import type { RunSummary } from "./runResult.ts";

const schema = v.object({
  runDir: v.string(),
  steps: v.number(),
  trainLoss: v.nullable(v.number()),
  valLoss: v.number(),
  valAccuracy: v.exactOptional(v.number()),
  msPerStep: v.nullable(v.number()),
  tokensPerSecond: v.nullable(v.number()),
  unit: v.optional(v.picklist(["tokens", "images", "evaluations"]), "tokens"),
  optimizerShare: v.number(),
  stateFloats: v.number(),
  parameters: v.number(),
  peakRssBytes: v.number(),
});

/** The `summary.json` of a run of so many steps, or undefined where it has none that is whole. */
export function readSummary(runDir: string, steps: number): RunSummary | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(join(runDir, "summary.json"), "utf8")));
    return parsed.success && parsed.output.steps === steps ? { ...parsed.output, runDir } : undefined;
  } catch {
    return undefined; // missing, or half of one
  }
}
