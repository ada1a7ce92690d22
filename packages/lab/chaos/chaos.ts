/**
 * Runs, comparisons and sweeps that are killed, asked to stop, started twice, cut off from their readers and out of disk, at random
 * moments, again and again. In the end every byte of the weights and every line of the metrics has to be that of a run that
 * nobody disturbed, with nothing left behind and every ending told in one sentence.
 *
 * usage: npm run chaos -- [--rounds 20] [--seed 1] [--keep-going] [--ranks]
 * `--ranks`: runs of two processes over MPI, of which ranks and mpirun are killed alone.
 * Prints the rounds that went wrong and ends with exit code 1; their folders stay.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import { disturbances, drawRound, rankDisturbances } from "./drawRound.ts";
import { jobs, rankJobs } from "./job.ts";
import type { Outcome } from "./outcome.ts";
import { playRound, undisturbed } from "./playRound.ts";

const options = scriptFlags("npm run chaos -- [--rounds 20] [--seed 1] [--keep-going] [--ranks]", {
  ranks: false,
  rounds: 20,
  seed: 1,
  "keep-going": false,
});
if (process.platform === "win32") {
  console.error("chaos needs signals and ulimit, which Windows does not have");
  process.exit(2);
}
const rounds = options.rounds;
const first = options.seed;
const root = mkdtempSync(join(tmpdir(), "steepest-chaos-"));
const data = join(root, "text.txt");
writeFileSync(data, "the quick brown fox jumps over the lazy dog. ".repeat(60));
const all = options.ranks ? rankJobs(data) : jobs(data);
const kinds = options.ranks ? rankDisturbances : disturbances;
const expected = new Map<number, Outcome>();

let failed = 0;
for (let i = 0; i < rounds; i++) {
  const round = drawRound(first + i, all.length, 3, kinds);
  const job = all[round.job];
  if (job === undefined) continue;
  const outcome = expected.get(round.job) ?? (await undisturbed(job, join(root, `undisturbed-${round.job}`)));
  expected.set(round.job, outcome);
  const folder = join(root, `round-${round.seed}`);
  const wrong = await playRound(round, job, folder, outcome);
  const what = round.blows.map(({ disturbance }) => disturbance).join(", ");
  console.log(`seed ${round.seed}, ${job.name}: ${what}: ${wrong.length === 0 ? "as undisturbed" : "WRONG"}`);
  if (wrong.length === 0) {
    rmSync(folder, { recursive: true, force: true });
    continue;
  }
  failed++;
  for (const sentence of wrong) console.log(`  ${sentence}`);
  console.log(`  folder: ${folder}`);
  if (!options["keep-going"]) break;
}
if (failed === 0) rmSync(root, { recursive: true, force: true });
console.log(failed === 0 ? `${rounds} rounds ended as undisturbed` : `${failed} rounds went wrong`);
process.exitCode = failed === 0 ? 0 : 1;
