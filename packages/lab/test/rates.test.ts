import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

import { parseContenders } from "../src/compare/contender.ts";
import { planComparison } from "../src/compare/planComparison.ts";
import { rateRemarks } from "../src/compare/rateRemarks.ts";
import { runHere } from "../src/compare/runner.ts";
import { TRIALS, tuneRates } from "../src/compare/tuneRates.ts";
import { removeQuietly } from "../src/files/removeQuietly.ts";
import type { PlanInput } from "../src/plan/planInput.ts";
import { describeRates } from "../src/plan/rates/describeRates.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import { compareOptimizers } from "../src/report/compareOptimizers.ts";

const folder = mkdtempSync(join(tmpdir(), "rates "));
afterAll(() => removeQuietly(folder));

const rates = (input: PlanInput) => {
  const { optimizerOptions, rateOrigins } = resolvePlan(input);
  return Object.entries(rateOrigins).map(([name, origin]) => [optimizerOptions[name], origin]);
};
/** They are named, never read. */
const weights = join(folder, "model.safetensors");

test("rates found for a job are those of that job only", () => {
  expect(rates({ optimizer: "adamw" })).toEqual([[0.032, "measured"]]);
  expect(rates({ optimizer: "muon" })).toEqual([
    [0.04, "measured"],
    [0.08, "measured"],
  ]);
  for (const steps of [20, 2000]) expect(rates({ optimizer: "adamw", steps })).toEqual([[0.032, "measured"]]);
  const others: readonly PlanInput[] = [
    { model: "char-1m" },
    { model: "llama-60m", tokenizer: "gpt2" },
    { modelOptions: { width: 128 } },
    { context: 32 },
    { data: "book.txt" },
    { tokenizer: "gpt2" },
    { steps: 20_000 },
    { model: "rosenbrock", data: "none" },
  ];
  for (const other of others) {
    expect(rates({ optimizer: "adamw", ...other })).toEqual([[0.001, "published"]]);
    expect(rates({ optimizer: "muon", ...other })).toEqual([
      [0.02, "published"],
      [0.0003, "published"],
    ]);
  }
});

test("every optimizer of the default job has the rate that was measured for it", () => {
  const ranked = JSON.parse(
    readFileSync(new URL("../../../docs/results/all-optimizers.json", import.meta.url), "utf8"),
  ) as { optimizer: string; learningRate: number }[];
  const soap = ranked.find(({ optimizer }) => optimizer === "soap");
  expect(rates({ optimizer: "soap" })[0]).toEqual([soap?.learningRate, "measured"]);
});

test("images have rates found for images", () => {
  expect(rates({ optimizer: "adamw", model: "cnn-small" })).toEqual([[0.002, "measured"]]);
  expect(rates({ optimizer: "adamw", model: "vit-micro" })).toEqual([[0.001, "published"]]);
});

test("trained weights are moved by a tenth of the method's own rate", () => {
  expect(rates({ optimizer: "adamw", weights })[0]?.[0]).toBeCloseTo(1e-4, 12);
  expect(rates({ optimizer: "muon", weights }).map(([, origin]) => origin)).toEqual([
    "fine-tuning",
    "fine-tuning",
  ]);
  expect(rates({ optimizer: "adamw", weights, optimizerOptions: { learningRate: 1e-5 } })).toEqual([
    [1e-5, "given"],
  ]);
});

test("what is given wins, and a plan that is read again keeps what it said of its rates", () => {
  const muon = { optimizer: "muon", optimizerOptions: { learningRate: 0.02 } };
  expect(rates(muon)).toEqual([
    [0.02, "given"],
    [0.08, "measured"],
  ]);
  const plan = resolvePlan(muon);
  expect(resolvePlan(plan)).toEqual(plan);
  const again = resolvePlan(plan, { optimizerOptions: { auxiliaryLearningRate: 0.01 } });
  expect(again.rateOrigins).toEqual({ learningRate: "given", auxiliaryLearningRate: "given" });
});

test("a plan says where its rates come from", () => {
  expect(describeRates(resolvePlan({ optimizer: "muon", optimizerOptions: { learningRate: 0.02 } }))).toBe(
    "learningRate 0.02 (given); auxiliaryLearningRate 0.08 (best found for this job, docs/results/default-learning-rates.md)",
  );
});

test("a comparison warns where tuned and untuned meet", () => {
  const remarks = (names: readonly string[], input: PlanInput) =>
    rateRemarks(planComparison(parseContenders(names), [0], input)).warning;
  expect(remarks(["adamw", "muon"], {})).toBeUndefined();
  expect(remarks(["adamw", "muon"], { model: "cnn-small" })).toBeUndefined();
  expect(remarks(["adamw", "scion"], { model: "cnn-small" })).toBe(
    "Not a fair comparison: adamw at rates found for this job, scion at rates that were not; " +
      "--tune gives every optimizer the same short search.",
  );
  expect(remarks(["adamw", "muon"], { model: "char-1m" })).toMatch(
    /^The rates of adamw, muon were not tuned/,
  );
  expect(remarks(["adamw:learningRate=0.01", "sgd:learningRate=0.1"], { model: "char-1m" })).toBeUndefined();
});

test("tuning gives every optimizer the same number of runs, and the comparison their best rates", async () => {
  const job: PlanInput = { model: "quadratic", data: "none", steps: 40, evalEvery: 40 };
  const contenders = parseContenders(["sgd", "muon", "adamw:learningRate=0.5"]);
  const lines: string[] = [];
  const io = { folder: join(folder, "tuning"), runner: runHere, report: (line: string) => lines.push(line) };
  const { planned, trials } = await tuneRates(planComparison(contenders, [0], job), io);
  const count = (label: string) => trials.filter((trial) => trial.label === label).length;
  expect([count("sgd"), count("muon"), count("adamw:learningRate=0.5")]).toEqual([TRIALS, TRIALS, 0]);
  expect(lines.length).toBe(trials.length);
  for (const { label, plan } of planned.slice(0, 2)) {
    const own = trials.filter((trial) => trial.label === label);
    const low = Math.min(...own.map(({ valLoss }) => valLoss ?? Infinity));
    const found = own.find(({ valLoss }) => valLoss === low)?.rates;
    expect(found).not.toEqual({});
    expect(plan.optimizerOptions).toMatchObject(found ?? {});
    expect(new Set(Object.values(plan.rateOrigins))).toEqual(new Set(["tuned"]));
  }
  expect(planned[2]?.plan.rateOrigins).toEqual({ learningRate: "given" });
  const { remarks } = await compareOptimizers(planned, { out: join(folder, "compare"), command: "" });
  expect(remarks.warning).toBeUndefined();
  expect(remarks.rates[0]).toMatch(/^sgd: learningRate [\d.e-]+ \(best of a short search, --tune\)$/);
  expect(readFileSync(join(folder, "compare/report.html"), "utf8")).toContain("best of a short search");
});
