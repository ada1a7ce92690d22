import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

import { main } from "../../src/cli.ts";
import { resolvePlan } from "../../src/plan/resolvePlan.ts";
import type { RunPlan } from "../../src/plan/runPlan.ts";

/** The command as it is installed. */
export const bin = fileURLToPath(new URL("../../bin/steepest.js", import.meta.url));

/** A folder that is removed after the test, with a text of 4000 characters in `text.txt`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "steepest-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const words = ["whale", "sea", "ship", "white", "captain", "harpoon", "the", "of", "and", "a"];
  const text = Array.from({ length: 900 }, (_, i) => words[(i * i + 3 * i) % words.length]).join(" ");
  writeFileSync(join(folder, "text.txt"), text);
  return folder;
}

/** The smallest job that has everything: two blocks' worth of roles, validation, checkpoints. */
export function microPlan(folder: string, changes: Partial<RunPlan> = {}): RunPlan {
  return resolvePlan({
    optimizer: "adamw",
    modelOptions: { width: 16, depth: 1, heads: 2 },
    data: join(folder, "text.txt"),
    context: 8,
    batch: 2,
    steps: 6,
    evalEvery: 3,
    evalBatches: 1,
    checkpointEvery: 2,
    sampleTokens: 0,
    ...changes,
  });
}

/** The same job as flags. */
export function microFlags(folder: string): string[] {
  const flags = "--width 16 --depth 1 --heads 2 --context 8 --batch 2 --eval-batches 1 --sample-tokens 0";
  return [...flags.split(" "), "--data", join(folder, "text.txt")];
}

/** The command line in this process. */
export async function cli(...argv: string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const signal = new AbortController().signal;
  const code = await main(argv, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    interactive: false,
    signal,
    listen: () => {},
  });
  return { code, out, err };
}
