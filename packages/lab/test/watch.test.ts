import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

import { resolvePlan } from "../src/plan/resolvePlan.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { readMetrics } from "../src/run/metricsLog.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { readWatch } from "../src/run/watchLog.ts";
import type { WatchLine } from "../src/watch/watchLine.ts";
import { microPlan, temporaryFolder } from "./support/microRun.ts";

/** The numbers of a diagnostic at a step, of all layers together. */
function numbers(
  lines: readonly WatchLine[],
  diagnostic: string,
  step: number,
): Readonly<Record<string, number>> {
  const line = lines.find((one) => one.diagnostic === diagnostic && one.step === step && one.scope === "all");
  if (line === undefined) throw new Error(`nothing of ${diagnostic} at step ${step}`);
  return line.values;
}

const losses = (runDir: string): (number | undefined)[] => readMetrics(runDir).map(({ loss }) => loss);
const weights = (runDir: string, step: number) =>
  readCheckpoint(join(runDir, "checkpoints", `step-${step}`)).snapshot.params;

/** Without what depends on the clock. */
const measured = (lines: readonly WatchLine[]): WatchLine[] => lines.filter(({ scope }) => scope !== "cost");

const scion = { optimizer: "scion", optimizerOptions: { learningRate: 0.05 } } as const;

describe("a run that is watched", () => {
  test.each(["onnx", "jax"] as const)("makes the same steps as one that is not, on %s", async (engine) => {
    const folder = temporaryFolder();
    const plan = (changes: Partial<RunPlan>): RunPlan =>
      microPlan(folder, { engine, steps: 4, checkpointEvery: 2, ...scion, ...changes });
    const [plain, watched] = [join(folder, "plain"), join(folder, "watched")];
    await trainRun(plan({}), { out: plain });
    await trainRun(plan({ watch: "grad,gap,angle", watchEvery: 2 }), { out: watched });
    expect(losses(watched)).toEqual(losses(plain));
    expect(weights(watched, 4)).toEqual(weights(plain, 4));
    expect(readWatch(plain)).toEqual([]);
    const lines = readWatch(watched);
    expect([...new Set(lines.map(({ step }) => step))]).toEqual([1, 2, 4]);
    for (const { step, gradNorm = Number.NaN } of readMetrics(watched).filter(
      ({ step }) => step === 1 || step === 4,
    ))
      expect((numbers(lines, "grad", step).norm ?? 0) / gradNorm).toBeCloseTo(1, 4);
  });

  test("has every diagnostic that its method can give, of layers, roles and all", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "run");
    const plan = microPlan(folder, { ...scion, watch: "all", watchEvery: 3 });
    await trainRun(plan, { out });
    const lines = readWatch(out);
    const names = plan.watch?.split(",") ?? [];
    expect(names).toHaveLength(10);
    for (const diagnostic of names) {
      const own = lines.filter((line) => line.diagnostic === diagnostic && line.step === 6);
      expect(
        own.map(({ name }) => name),
        diagnostic,
      ).toContain(diagnostic === "smoothness" ? "all" : "attention");
      for (const { values } of own) expect(Object.values(values).every(Number.isFinite)).toBe(true);
    }
    const norms = lines.filter(({ diagnostic, scope }) => diagnostic === "norms" && scope === "layer");
    expect(norms[0]).toMatchObject({ step: 0, name: "embedding", role: "embedding", norm: "colnorm" });
    // Scion starts on its spheres, and an oracle of five Newton-Schulz steps is 1.13 of the ball at most.
    for (const { values } of norms) expect(values.used).toBeLessThan(1.14);
    const spectrum = lines.find(({ diagnostic, name }) => diagnostic === "spectra" && name.endsWith("up"));
    expect(spectrum?.arrays?.weight).toHaveLength(16);
    const { descent = 0, linearDescent = 0, leastDescent = 0 } = numbers(lines, "smoothness", 1);
    expect(descent).toBeGreaterThan(leastDescent);
    expect(descent).toBeLessThan(linearDescent);
    expect(numbers(lines, "gap", 6).gap).toBeGreaterThan(0);
    expect(lines.some(({ diagnostic, step }) => diagnostic === "geodesic" && step === 1)).toBe(false);
  });

  test("goes on after a kill as if it had not stopped, each line once", async () => {
    const folder = temporaryFolder();
    const whole = join(folder, "whole");
    const stopped = join(folder, "stopped");
    const plan = microPlan(folder, {
      optimizer: "uscg",
      optimizerOptions: { norm: "max", learningRate: 0.01 },
      watch: "norms,smoothness,angle",
      watchEvery: 2,
    });
    await trainRun(plan, { out: whole });
    const stop = new AbortController();
    const observer = { onStep: ({ step }: { step: number }) => step === 4 && stop.abort() };
    await expect(trainRun(plan, { out: stopped, observer, signal: stop.signal })).rejects.toThrow(/step 4/);
    // what a kill leaves: lines of a step behind the checkpoint, one of them half written
    const [line = ""] = readFileSync(join(stopped, "watch.jsonl"), "utf8").split("\n");
    appendFileSync(
      join(stopped, "watch.jsonl"),
      `${line.replace('"step":0', '"step":6')}\n${line}\n${line.slice(0, 40)}`,
    );
    await resumeRun(stopped);
    expect(measured(readWatch(stopped))).toEqual(measured(readWatch(whole)));
    const bytes = readFileSync(join(stopped, "watch.jsonl"), "utf8").trimEnd().split("\n");
    expect(bytes).toHaveLength(readWatch(stopped).length);
  });

  test("a batch in parts is watched in these parts", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "run");
    await trainRun(microPlan(folder, { accumulate: 2, steps: 2, watch: "grad,snr" }), { out });
    const lines = readWatch(out);
    const [{ gradNorm = 0 } = {}] = readMetrics(out).filter(({ step }) => step === 2);
    expect((numbers(lines, "grad", 2).norm ?? 0) / gradNorm).toBeCloseTo(1, 4);
    expect((numbers(lines, "snr", 2).norm ?? 0) / gradNorm).toBeCloseTo(1, 4);
    expect(numbers(lines, "snr", 2).variance).toBeGreaterThan(0);
  });

  test("leaves nothing behind", async () => {
    const folder = temporaryFolder();
    const run = (name: string) =>
      trainRun(microPlan(folder, { steps: 2, watch: "grad,norms,snr", checkpointEvery: 0 }), {
        out: join(folder, name),
      });
    await run("warm");
    expect(await leakedBuffers(() => run("again"))).toBe(0);
  });
});

test.each([
  [{ watch: "grd" }, /no diagnostic "grd" \(did you mean "grad"\?\)/],
  [{ watch: "grad,grad" }, /has grad twice/],
  [{ watch: "all,grad" }, /all stands alone/],
  [{ watchEvery: 5 }, /watch is missing/],
  [{ watch: "dual", optimizer: "adamw" }, /--watch dual: adamw measures its steps in no norm/],
  [{ watch: "dual", optimizer: "muown" }, /--watch dual: muown/],
  [{ watch: "gap", optimizer: "muon" }, /--watch gap: muon keeps weights in no ball/],
  [{ watch: "snr", batch: 1 }, /--watch snr: a batch of 1 has no equal parts/],
  [{ watch: "snr", model: "rosenbrock" }, /--watch snr: rosenbrock is a problem without examples/],
  [{ watch: "features", model: "rosenbrock" }, /--watch features: rosenbrock/],
] as const)("%o is refused in words, before anything runs", (input, sentence) => {
  expect(() => resolvePlan(input)).toThrow(sentence);
});

test("all is what a method can give, and a plan says what that is and how often", () => {
  expect(resolvePlan({ watch: "all", optimizer: "adamw" })).toMatchObject({
    watch: "grad,norms,smoothness,spectra,snr,geodesic,angle,features",
    watchEvery: 100,
  });
  expect(resolvePlan({ watch: "gap", optimizer: "muon", optimizerOptions: { weightDecay: 0.1 } }).watch).toBe(
    "gap",
  );
  expect(resolvePlan({})).not.toHaveProperty("watch");
});
