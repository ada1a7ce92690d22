import { join } from "node:path";
import { expect, test } from "vitest";

import { drawRound } from "../chaos/drawRound.ts";
import type { Job } from "../chaos/job.ts";
import { differences, type Outcome } from "../chaos/outcome.ts";
import { playRound, undisturbed } from "../chaos/playRound.ts";
import { temporaryFolder } from "./support/microRun.ts";

/** Every disturbance once. */
const SEEDS = [2, 5, 7, 8, 9, 14, 15, 28, 37, 45];

/** The smallest jobs: a run, and a comparison of two. */
const job = (verb: Job["verb"], ...flags: string[]): Job => ({
  name: verb,
  verb,
  flags: [...flags, "--model", "quadratic", "--steps", "30", "--checkpoint-every", "7", "--eval-every", "4"],
});
const comparison = job("compare", "sgd", "adamw");
const small = [job("train", "--optimizer", "adamw"), comparison];

let known: Promise<Outcome[]> | undefined;
/** What each of them comes to, run once for all tests here. */
function expectedOutcomes(): Promise<Outcome[]> {
  const folder = temporaryFolder();
  known ??= Promise.all(small.map((one, i) => undisturbed(one, join(folder, `undisturbed-${i}`))));
  return known;
}

test.skipIf(process.platform === "win32")("ten rounds of chaos end as undisturbed", async () => {
  const folder = temporaryFolder();
  const expected = await expectedOutcomes();
  for (const outcome of expected) expect(outcome.size).toBeGreaterThan(5);
  for (const seed of SEEDS) {
    const round = drawRound(seed, small.length, 1);
    const [one, outcome] = [small[round.job], expected[round.job]];
    if (one === undefined || outcome === undefined) throw new Error("no job");
    const wrong = await playRound(round, one, join(folder, `round-${seed}`), outcome);
    expect([seed, ...wrong]).toEqual([seed]);
  }
});

test("runs made at once come to the same as one after the other", async () => {
  const parallel = { ...comparison, flags: [...comparison.flags, "--parallel", "2"] };
  const [, serial] = await expectedOutcomes();
  const made = [serial, await undisturbed(parallel, join(temporaryFolder(), "parallel"))];
  const [one = new Map(), other = new Map()] = made.map(
    (outcome = new Map()) => new Map([...outcome].filter(([name]) => name !== "compare.json")), // its command differs
  );
  expect(one.size).toBeGreaterThan(8);
  expect(differences(one, other)).toEqual([]);
});

test("a differing line is a difference", () => {
  expect(differences(new Map([["a", "x\ny"]]), new Map([["a", "x\nz"]]))).toEqual([
    'a differs: line 2 of 2 and 2 has "z", not "y"',
  ]);
  expect(differences(new Map([["a", ""]]), new Map([["b", ""]]))).toHaveLength(2);
});
