/**
 * Every optimizer on the default GPT: learning rates in powers of three by runs of 75 steps, then 300 steps at the best of
 * them and downwards. Each run is a line of JSON in a log; what is there is not run again, so that the sweep can be stopped
 * and started. Writes docs/results/all-optimizers.{md,json} and the measurements of the catalogue.
 *
 *   npx tsx bench/sweep-optimizers.ts [--log FILE] [--render] [NAME …]
 *
 * With NAMEs only those are measured; optimizers without a line in the log keep the rows they have. `--render` only writes
 * the pages from the log. All of it takes about an hour on one core.
 */
import { existsSync, readFileSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import "steepest/node";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import type { Trial } from "./sweep-optimizers/trial.ts";

const { optimizerNames } = await import("steepest");
const { runTrial } = await import("./sweep-optimizers/runTrial.ts");
const { descendRates, gridRate, searchRates } = await import("./sweep-optimizers/searchRates.ts");
const { writeResults } = await import("./sweep-optimizers/writeResults.ts");

/** Shown in every comparison, so they are measured first. */
const first = ["adamw", "muon", "scion", "mano_v2", "soap", "shampoo", "sgd", "adam", "lion", "mano"];

const { names: positionals, ...values } = scriptFlags(
  "npx tsx bench/sweep-optimizers.ts [--log FILE] [--render] [NAME ...]",
  { log: join(tmpdir(), "steepest-all-optimizers.jsonl"), render: false, names: optimizerNames() },
);
const { log } = values;
const trials: Trial[] = existsSync(log)
  ? readFileSync(log, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Trial)
  : [];

const chosen = positionals.length > 0 ? positionals : [...new Set([...first, ...optimizerNames()])];
if (!values.render) {
  const began = performance.now();
  for (const [i, optimizer] of chosen.entries()) {
    await measure(optimizer).catch((error: unknown) => {
      console.error(`${optimizer} failed:`, error);
      process.exitCode = 1;
    });
    const left = ((performance.now() - began) / 60_000 / (i + 1)) * (chosen.length - i - 1);
    console.error(`${i + 1} of ${chosen.length} done, about ${Math.ceil(left)} min left`);
  }
}
writeResults(trials);

/** Short runs to find the rate where long ones begin, which go down from there: a longer run wants a smaller rate. */
async function measure(optimizer: string): Promise<void> {
  const best = await searchRates(async (k) => (await trial(optimizer, k, 75, 100)).valLoss);
  await descendRates(best, async (k) => (await trial(optimizer, k, 300, 0)).valLoss);
}

/** The run at the k-th rate of the grid, from the log where it is there. */
async function trial(optimizer: string, k: number, steps: number, seed: number): Promise<Trial> {
  const learningRate = gridRate(optimizer, k);
  const known = trials.find(
    (one) =>
      one.optimizer === optimizer &&
      one.learningRate === learningRate &&
      one.steps === steps &&
      one.seed === seed,
  );
  if (known !== undefined) return known;
  const fresh = await runTrial({ optimizer, learningRate, steps, seed });
  trials.push(fresh);
  await appendFile(log, `${JSON.stringify(fresh)}\n`);
  console.error(optimizer, learningRate, steps, fresh.valLoss?.toFixed(4) ?? fresh.fault);
  return fresh;
}
