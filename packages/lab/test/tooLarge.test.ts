import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { writeFolder } from "../src/files/writeFolder.ts";
import { expectStepFits } from "../src/prepare/expectSizes.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { readRunConfig } from "../src/run/runConfig.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { readSweep } from "../src/sweep/sweepFile.ts";
import { printable } from "../src/text/printable.ts";
import { shellWord } from "../src/text/shellWord.ts";
import { bin, cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

test.each([
  [
    "--batch 1000000000",
    /^error: a batch of 1,000,000,000 sequences needs at least [\d.]+ GiB for its logits/,
  ],
  ["--depth 1000000", /^error: depth 1000000 is more than the 10000 blocks/],
  [
    "--eval-batches 1000000000",
    /^error: 1,000,000,000 batches of 2 sequences are too many for a validation on/,
  ],
  ["--steps 1000000000000", /^error: --steps must be a whole number ≤ 100000000, got/],
  ["--sample-tokens 1000000000", /^error: --sample-tokens must be a whole number ≤ 1000000, got/],
])("%s is refused before it is tried", async (flags, sentence) => {
  const folder = temporaryFolder();
  const { code, err } = await cli(
    "train",
    ...microFlags(folder),
    ...flags.split(" "),
    "--out",
    join(folder, "run"),
  );
  expect(err).toHaveLength(1);
  expect(err[0]).toMatch(sentence);
  expect(code).toBe(2);
  expect(readdirSync(folder)).toEqual(["text.txt"]);
});

test("a step fits when its parts do", () => {
  const model = { context: 1000, config: { vocabSize: 1000 } };
  const check = (batch: number, accumulate: number) => () =>
    expectStepFits({ batch, accumulate }, model, 8e6 * 4);
  expect(check(4, 1)).not.toThrow();
  expect(check(8, 1)).toThrow("a batch of 8 sequences");
  expect(check(8, 2)).not.toThrow();
});

test.skipIf(process.platform !== "linux")("a limit on addresses is a sentence", () => {
  const folder = temporaryFolder();
  const argv = ["train", ...microFlags(folder)];
  const { status, stderr } = spawnSync(
    "bash",
    ["-c", 'ulimit -v 3000000; exec "$@"', "bash", process.execPath, bin, ...argv],
    { encoding: "utf8" },
  );
  expect(stderr).toMatch(/^error: jax-js cannot reserve the addresses for its memory .* \(ulimit -v\)\n$/);
  expect(status).toBe(1);
});

test("settings nested a hundred thousand deep are a sentence", async () => {
  const folder = temporaryFolder();
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const path = join(folder, "config.json");
  writeFileSync(path, `{"modelOptions":{"depth":${deep}}}`);
  expect(await cli("train", "--config", path)).toMatchObject({
    code: 2,
    err: [`error: config file ${path} is nested too deeply for settings`],
  });
});

test("a run without checkpoints says that it begins again", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const stop = new AbortController();
  const plan = microPlan(folder, { steps: 3, checkpointEvery: 0 });
  const about: string[] = [];
  const onStart = ({ about: lines }: { about: readonly string[] }) => void about.push(...lines);
  const onStep = () => {
    throw new Error("killed");
  };
  await trainRun(plan, { out, signal: stop.signal, observer: { onStart, onStep } }).catch(() => {});
  expect(about.at(-1)).toMatch(/, no checkpoint before the end$/);
  const said: string[] = [];
  await resumeRun(out, { observer: { onPrepare: (line) => said.push(line) } });
  expect(said.join()).toMatch(/keeps no checkpoint before its end .* it begins again/);
});

test("a checkpoint of a later version is not called damaged", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "meta.json"), JSON.stringify({ format: 2, sha256: "" }));
  expect(() => readCheckpoint(folder)).toThrow(/was written by a newer version of steepest \(format 2/);
  writeFileSync(join(folder, "meta.json"), JSON.stringify({ format: 1, sha256: "" }));
  expect(() => readCheckpoint(folder)).toThrow(/is damaged/);
});

test.each([
  ["config.json", readRunConfig],
  ["sweep.json", readSweep],
])("a %s of a later version is not called damaged", (name, read) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), '{"format": 2}');
  expect(() => read(folder)).toThrow(/was written by a newer version of steepest \(format 2/);
  writeFileSync(join(folder, name), '{"format": 1}');
  expect(() => read(folder)).toThrow(/is damaged/);
});

test("a folder behind a link is written where it is", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "real"));
  symlinkSync(join(folder, "real"), join(folder, "link"));
  writeFolder(join(folder, "link"), "write", (beside) => writeFileSync(join(beside, "file"), "new"));
  expect(readFileSync(join(folder, "real", "file"), "utf8")).toBe("new");
});

test("a path in a command is one word of the shell; a text steers no terminal", () => {
  expect(["runs/a-1", "my run", "it's", ""].map(shellWord)).toEqual([
    "runs/a-1",
    "'my run'",
    "'it'\\''s'",
    "''",
  ]);
  expect(printable("a\u001b[31mb\tc\n\u009b\r")).toBe("a␛[31mb\tc\n�␍");
});
