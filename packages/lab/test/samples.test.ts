import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { random } from "@jax-js/jax";
import { expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import { engineNames } from "../src/plan/runPlan.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { RunInterruptedError } from "../src/run/runErrors.ts";
import { readSamples } from "../src/run/samplesLog.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { withSamples } from "../src/run/withSamples.ts";
import { microPlan, temporaryFolder } from "./support/microRun.ts";

const writing = { steps: 8, sampleTokens: 6, sampleEvery: 2, checkpointEvery: 4 };

test.each(engineNames)("texts on the way change nothing of what is trained: %s", async (engine) => {
  const folder = temporaryFolder();
  const [quiet, out] = [join(folder, "quiet"), join(folder, "run")];
  await trainRun(microPlan(folder, { engine, ...writing, sampleEvery: 0 }), { out: quiet });
  const leaked = await leakedBuffers(() => trainRun(microPlan(folder, { engine, ...writing }), { out }));
  expect(leaked).toBe(0);
  expect(existsSync(join(quiet, "samples.jsonl"))).toBe(false);
  const samples = readSamples(out);
  expect(samples.map(({ step }) => step)).toEqual([2, 4, 6]); // that of step 8 is sample.txt
  for (const { text } of samples) expect([...text]).toHaveLength(8 + 6);
  expect(new Set(samples.map(({ text }) => text.slice(0, 8))).size).toBe(1);
  const weights = (run: string) => readCheckpoint(join(run, "checkpoints/step-8")).snapshot;
  expect(weights(out)).toEqual(weights(quiet));
  expect(readFileSync(join(out, "sample.txt"), "utf8")).toBe(readFileSync(join(quiet, "sample.txt"), "utf8"));
});

test("a resume keeps the texts up to its checkpoint, mends damaged ones and writes what is missing", async () => {
  const folder = temporaryFolder();
  const [whole, out] = [join(folder, "whole"), join(folder, "run")];
  const plan = microPlan(folder, writing);
  await trainRun(plan, { out: whole });
  const stop = new AbortController();
  const observer = { onStep: ({ step }: { step: number }) => step === 5 && stop.abort() };
  await expect(trainRun(plan, { out, observer, signal: stop.signal })).rejects.toThrow(RunInterruptedError);
  const file = join(out, "samples.jsonl");
  expect(readSamples(out).map(({ step }) => step)).toEqual([2, 4]);
  appendFileSync(file, `{"step":6,"text":"of another life"}\n{"step":`);
  await resumeRun(out);
  expect(readFileSync(file, "utf8")).toBe(readFileSync(join(whole, "samples.jsonl"), "utf8"));

  rmSync(join(out, "checkpoints/step-8"), { recursive: true });
  truncateSync(file, 0);
  await resumeRun(out); // from step 5: earlier texts are gone with their weights
  expect(readSamples(out).map(({ step }) => step)).toEqual([6]);
});

test("a text stopped in its middle is left out, and written by the resume at its step", async () => {
  const folder = temporaryFolder();
  const [whole, out] = [join(folder, "whole"), join(folder, "run")];
  const plan = microPlan(folder, writing);
  await trainRun(plan, { out: whole });
  const stop = new AbortController();
  const observer = { onStep: ({ step }: { step: number }) => step === 4 && stop.abort() };
  await expect(trainRun(plan, { out, observer, signal: stop.signal })).rejects.toThrow(RunInterruptedError);
  expect(readSamples(out).map(({ step }) => step)).toEqual([2]);
  await resumeRun(out);
  expect(readFileSync(join(out, "samples.jsonl"), "utf8")).toBe(
    readFileSync(join(whole, "samples.jsonl"), "utf8"),
  );
});

test("four texts a run, that of its end among them, and none where none is wanted", () => {
  const folder = temporaryFolder();
  expect(microPlan(folder, { sampleTokens: 5, steps: 10 }).sampleEvery).toBe(3);
  expect(microPlan(folder, { sampleTokens: 0, steps: 10 }).sampleEvery).toBeUndefined();
  expect(() => resolvePlan({ model: "mlp", sampleEvery: 5 })).toThrow(
    /"sampleEvery" is a setting for language/,
  );
});

test("a run without that file has no texts; lines that are none are left out", () => {
  const folder = temporaryFolder();
  expect(readSamples(folder)).toEqual([]);
  writeFileSync(
    join(folder, "samples.jsonl"),
    '{"step":1,"text":"a"}\n7\n{"step":1,"text":"twice"}\n{"step":3}\n',
  );
  expect(readSamples(folder)).toEqual([{ step: 1, text: "a" }]);
});

test("a file that cannot be opened costs the texts, not the run, and is said", async () => {
  const folder = temporaryFolder();
  const [whole, out] = [join(folder, "whole"), join(folder, "run")];
  const plan = microPlan(folder, writing);
  await trainRun(plan, { out: whole });
  const stop = new AbortController();
  const observer = { onStep: ({ step }: { step: number }) => step === 3 && stop.abort() };
  await expect(trainRun(plan, { out, observer, signal: stop.signal })).rejects.toThrow(RunInterruptedError);
  rmSync(join(out, "samples.jsonl"));
  mkdirSync(join(out, "samples.jsonl"));
  const said: string[] = [];
  await resumeRun(out, { observer: { onPrepare: (line) => said.push(line) } });
  expect(said.filter((line) => line.startsWith("no texts on the way: "))).toHaveLength(1);
  expect(readCheckpoint(join(out, "checkpoints/step-8")).snapshot).toEqual(
    readCheckpoint(join(whole, "checkpoints/step-8")).snapshot,
  );
});

test("a text that cannot be made is said and left out, one that cannot be written is the last", async () => {
  const folder = temporaryFolder();
  const run = await prepareRun(microPlan(folder, { ...writing, steps: 20 }));
  const params = async () => run.model.init(random.key(0));
  const said: string[] = [];
  let made = 0;
  let taken = false;
  const engine = {
    params: () => (++made === 1 ? Promise.reject(new Error("out of memory")) : params()),
  };
  const lock = {
    expectHeld() {
      if (taken) throw new Error("taken over");
    },
  };
  const io = { observer: { onPrepare: (line: string) => void said.push(line) } };
  const answer = await withSamples(run, engine, { runDir: folder, lock, step: -1 }, io, async (samples) => {
    for (const step of [2, 3, 4]) await samples?.at(step);
    taken = true;
    for (const step of [6, 8]) await samples?.at(step);
    samples?.sync();
    return "done";
  });
  expect(answer).toBe("done");
  expect(said).toEqual(["no text at step 2: out of memory", "no texts from step 6 on: taken over"]);
  expect(made).toBe(3);
  expect(readSamples(folder).map(({ step }) => step)).toEqual([4]);
});
