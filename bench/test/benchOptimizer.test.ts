import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { skipWithoutPython } from "#test-support/pythonModule.ts";
import { cli, temporaryFolder } from "../../packages/lab/test/support/microRun.ts";
import { EngineProcess } from "../src/engines/engineProcess.ts";
import { measureOptimizers } from "../src/optimizer/measureOptimizers.ts";
import { mergeStudies } from "../src/optimizer/mergeStudies.ts";
import { optimizerMarkdown, optimizerTable, shareLine } from "../src/optimizer/optimizerReport.ts";
import type { OptimizerMeasurements, OptimizerRow } from "../src/optimizer/optimizerStudy.ts";
import { floatsOf, type OptimizerTarget, optimizerTarget } from "../src/optimizer/targets.ts";

function targetOf(name: string): OptimizerTarget {
  const found = optimizerTarget(name);
  if (found === undefined) throw new Error(`no target ${name}`);
  return found;
}

test("targets are matrices of any shape, and GPTs with the roles of their parameters", () => {
  expect(targetOf("4x6")).toMatchObject({ label: "4 × 6", leaves: [{ shape: [4, 6], role: "hidden" }] });
  const roles = new Set(targetOf("gpt-tiny").leaves.map(({ role }) => role));
  expect(roles).toEqual(new Set(["embedding", "hidden", "head"]));
  expect(floatsOf(targetOf("gpt-tiny"))).toBe(2 * 256 * 32 + 12 * 32 * 32);
  for (const name of ["gpt2", "4", "4x0", "4x5x6", "ax3"]) expect(optimizerTarget(name)).toBeUndefined();
});

test("the five of PyTorch make the same first update, and have both times", async () => {
  skipWithoutPython("torch", "bench optimizer beside PyTorch");
  const folder = join(temporaryFolder(), "study");
  const names = ["sgd", "adamw", "muon", "scion", "mano"];
  const { code, out } = await cli(
    ...`bench optimizer ${names.join(" ")} --targets 12x20 20x12 --turns 1 --json --python /usr/bin/python3 --out ${folder}`.split(
      " ",
    ),
  );
  expect(code).toBe(0);
  const { rows, notes } = JSON.parse(out.at(-1) ?? "") as OptimizerMeasurements;
  expect(notes).toEqual([]); // a first update that differs would be said here
  expect(rows.map(({ target, optimizer }) => `${target} ${optimizer}`)).toEqual(
    ["12 × 20", "20 × 12"].flatMap((target) => names.map((name) => `${target} ${name}`)),
  );
  for (const { ms, torchMs, boundMs, graphMegabytes, leastMegabytes } of rows) {
    for (const value of [ms, torchMs, boundMs]) expect(value).toBeGreaterThan(0);
    expect(graphMegabytes).toBeGreaterThan(0.5 * leastMegabytes);
  }
  // Momentum of one weight: 240 floats, and 3 × 240 of weight and gradient, 4 bytes each.
  expect(rows.find(({ optimizer }) => optimizer === "muon")?.leastMegabytes).toBeCloseTo(
    (4 * 5 * 240) / 1e6,
    6,
  );
  for (const end of ["json", "svg", "md"])
    expect(existsSync(join(folder, `optimizer-speed.${end}`))).toBe(true);
  expect(readFileSync(join(folder, "optimizer-speed.md"), "utf8")).toContain("| 12 × 20 | mano |");
});

/** A program that answers each line of its input with the next of these, the first one unasked; "hang" for never. */
async function fakeEngine(answers: readonly string[]): Promise<EngineProcess> {
  const file = join(temporaryFolder(), "engine.mjs");
  writeFileSync(
    file,
    `const answers = ${JSON.stringify(answers)};
    const next = () => answers[0] === "hang" ? setInterval(() => {}, 1e6) : console.log(answers.shift());
    next(); process.stdin.on("data", next);`,
  );
  return EngineProcess.start(process.execPath, [file]);
}

const machine = '{"gigabytesPerSecond": 10, "gflops": 100}';
const hello = (engine: string): string => JSON.stringify({ engine, version: "1", threads: [1] });
const prepared = (updateNorm: number): string =>
  JSON.stringify({
    setupMs: 1,
    updateNorm,
    weights: [0.75, 0.25],
    stateFloats: 24,
    gflop: 2,
    graphMegabytes: 3,
  });

test("times are the shortest of each computation, weighted; the bound is the machine's", async () => {
  const times = '{"ms": [[4, 5], [12]]}';
  const engines = {
    onnxruntime: [hello("onnxruntime"), machine, prepared(1), times, '{"ms": [[6], [8]]}', machine],
    pytorch: [hello("pytorch"), machine, prepared(1.0001), times, times, machine],
  };
  const { rows, notes } = await measureOptimizers({
    targets: [targetOf("4x6")],
    optimizers: ["muon"],
    turns: 2,
    limitMs: 60_000,
    start: (engine) => fakeEngine(engines[engine]),
    say: () => {},
  });
  expect(notes).toEqual([]);
  // 0.75 · 4 + 0.25 · 8; two GFLOP at 100 GFLOP/s.
  expect(rows).toMatchObject([{ ms: 5, worstMs: 8, torchMs: 6, boundMs: 20, leastMegabytes: 4.8e-4 }]);
});

test("another first update is no comparison; an engine that is late is left out, and the next row has a new one", async () => {
  const starts: string[] = [];
  const run = '{"ms": [[4], [4]]}';
  const { rows, notes } = await measureOptimizers({
    targets: [targetOf("4x6")],
    optimizers: ["swan", "muon"],
    turns: 1,
    limitMs: 1500,
    start: (engine) => {
      starts.push(engine);
      const late = [hello(engine), machine, "hang"];
      const good = [hello(engine), prepared(1), run, machine];
      if (engine === "pytorch") return fakeEngine([hello(engine), machine, prepared(2), machine]);
      return fakeEngine(starts.filter((one) => one === engine).length === 1 ? late : good);
    },
    say: () => {},
  });
  expect(starts).toEqual(["onnxruntime", "pytorch", "onnxruntime"]);
  expect(notes).toEqual([
    "4 × 6, swan: left out on onnxruntime, took longer than 1.5 s",
    "4 × 6, muon: the first update has norm 1 here and 2 on pytorch: not the same computation",
  ]);
  expect(rows).toMatchObject([{ optimizer: "muon", ms: 4, torchMs: null }]);
});

const row = (target: string, optimizer: string, more: Partial<OptimizerRow> = {}): OptimizerRow => ({
  target,
  optimizer,
  ms: 10,
  worstMs: 20,
  setupMs: 1,
  gflop: 2,
  leastMegabytes: 30,
  graphMegabytes: 60,
  boundMs: 5,
  stateFloats: 1,
  torchMs: null,
  ...more,
});

test("table, page and share", () => {
  const rows = [row("4 × 6", "muon", { torchMs: 20, torchForm: "fused" }), row("4 × 6", "swan")];
  expect(
    optimizerTable(rows, 120)
      .slice(-2)
      .map((line) => line.trim().split(/\s{2,}/)),
  ).toEqual([
    ["4 × 6", "muon", "10.0", "20.0", "2.00", "30.0", "60.0", "5.00", "50 %", "0.50"],
    ["swan", "10.0", "20.0", "2.00", "30.0", "60.0", "5.00", "50 %", "–"],
  ]);
  const share = { target: "GPT", optimizer: "muon", stepMs: 400, gradientsMs: 300 };
  expect(shareLine(share)).toContain("the optimizer takes 100 ms, 25 %");
  const page = optimizerMarkdown({ rows, shares: [share], machine: {}, versions: {}, notes: ["left"] });
  expect(page).toContain("| 4 × 6 | muon | 10.0 | 5.00 | 20.0 | fused | 0.50 |");
  expect(page).toContain("- left");
});

test("a study made in parts keeps the other rows, and drops notes that no longer hold", () => {
  const base = { shares: [], machine: {}, versions: { onnxruntime: "1" } };
  const merged = mergeStudies(
    { ...base, rows: [row("a", "sgd"), row("b", "sgd")], notes: ["a, muon: too slow", "b, muon: too slow"] },
    { ...base, rows: [row("a", "muon"), row("a", "sgd", { ms: 3 })], notes: [] },
  );
  expect(merged.rows.map(({ target, optimizer, ms }) => [target, optimizer, ms])).toEqual([
    ["a", "sgd", 3],
    ["a", "muon", 10],
    ["b", "sgd", 10],
  ]);
  expect(merged.notes).toEqual(["b, muon: too slow"]);
});

test.each([
  ["muonn", 'there is no optimizer "muonn" (did you mean "muon"?)'],
  [
    "--targets gpt-larg",
    '--targets must be of gpt-tiny, gpt, gpt-large, or like 512x2048, got "gpt-larg" (did you mean "gpt-large"?)',
  ],
  ["--turns 0", '--turns must be a whole number ≥ 1, got "0"'],
  ["--limit x", '--limit must be seconds > 0, got "x"'],
  ["kfac", "bench optimizer: kfac needs more than gradients, so its update cannot be timed alone"],
])("steepest bench optimizer %s: exit code 2", async (flags, message) => {
  const { code, err } = await cli("bench", "optimizer", ...flags.split(" "));
  expect(code).toBe(2);
  expect(err.join("\n")).toContain(message);
});

test("steepest bench optimizer --help has examples", async () => {
  const { code, out } = await cli("bench", "optimizer", "--help");
  expect(code).toBe(0);
  expect(out.join("\n")).toContain("steepest bench optimizer muon mano --targets 2560x6848");
});
