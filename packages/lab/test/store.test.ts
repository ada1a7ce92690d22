import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { askStore } from "../src/store/askStore.ts";
import { findRuns } from "../src/store/findRuns.ts";
import { openStore } from "../src/store/openStore.ts";
import { planDifferences } from "../src/store/planDifferences.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";

interface Fake {
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly losses: readonly number[];
  readonly finished?: boolean;
}

/** A run folder with the parts that the store reads. */
function fakeRun(
  folder: string,
  { optimizer = "muon", learningRate = 0.02, losses, finished = true }: Fake,
): string {
  const steps = losses.length - 1;
  const plan = {
    optimizer,
    optimizerOptions: { learningRate, momentum: 0.95 },
    model: "tiny",
    modelOptions: {},
    data: "moby-dick",
    seed: 0,
    steps: finished ? steps : steps + 10,
    batch: 16,
    schedule: "linear",
  };
  mkdirSync(folder, { recursive: true });
  const config = { format: 1, created: "2026-01-01T00:00:00.000Z", plan, model: { parameters: 100 } };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const lines = losses.map(
    (valLoss, step) => `${JSON.stringify({ step, seconds: step, tokens: 10 * step, valLoss })}\n`,
  );
  writeFileSync(join(folder, "metrics.jsonl"), lines.join(""));
  const summary = {
    runDir: folder,
    steps,
    trainLoss: 1,
    valLoss: losses.at(-1),
    msPerStep: 2,
    tokensPerSecond: 3,
    optimizerShare: 0.1,
    stateFloats: 4,
    parameters: 100,
    peakRssBytes: 5,
  };
  if (finished) writeFileSync(join(folder, "summary.json"), JSON.stringify(summary));
  return folder;
}

/** A run of its own, two of a comparison, one of a sweep that was killed. */
function fakeRuns(): string {
  const root = temporaryFolder();
  fakeRun(join(root, "book"), { losses: [4, 3, 2.5] });
  fakeRun(join(root, "compare", "adamw-seed0"), { optimizer: "adamw", learningRate: 0.003, losses: [4, 2] });
  fakeRun(join(root, "compare", "it's, muon"), { losses: [4, 1.5] });
  fakeRun(join(root, "sweep", "trials", "muon-1"), { learningRate: 0.1, losses: [4, 3.5], finished: false });
  return root;
}

test("runs are found at every depth, with what they came to", () => {
  const root = fakeRuns();
  const { runs, unreadable } = findRuns([root]);
  expect(unreadable).toEqual([]);
  expect(
    runs.map(({ run, status, valLoss }) => [run.slice(root.length + 1), status, valLoss]).sort(),
  ).toEqual([
    ["book", "finished", 2.5],
    [join("compare", "adamw-seed0"), "finished", 2],
    [join("compare", "it's, muon"), "finished", 1.5],
    [join("sweep", "trials", "muon-1"), "unfinished", null],
  ]);
});

test("a config that cannot be read costs its run alone, with a sentence", () => {
  const root = fakeRuns();
  writeFileSync(join(root, "book", "config.json"), '{"plan": {"optim');
  writeFileSync(join(root, "compare", "adamw-seed0", "config.json"), '{"plan": {"optimizer": 3}}');
  const { runs, unreadable } = findRuns([root]);
  expect(runs).toHaveLength(2);
  expect(unreadable).toEqual([
    `${join(root, "book", "config.json")} cannot be read: it is not JSON`,
    `${join(root, "compare", "adamw-seed0", "config.json")} cannot be read: "plan.optimizer" is not as it should be`,
  ]);
});

test("a run that a process writes into is running", () => {
  const root = fakeRuns();
  writeFileSync(join(root, "sweep", "trials", "muon-1", ".lock"), "");
  const found = findRuns([root]).runs.find(({ run }) => run.endsWith("muon-1"));
  expect(found?.status).toBe("running");
});

test("metrics are a table; damaged lines are left out of it and stand in another", async () => {
  const root = fakeRuns();
  appendFileSync(
    join(root, "book", "metrics.jsonl"),
    '{"step": 3, "valLo\n[1]\n{"step": "x"}\n{"step": 4, "valLoss": 2.25}\n{"st',
  );
  const store = await openStore([root]);
  try {
    const best =
      "SELECT r.optimizer, min(m.valLoss) AS best, max(m.step) AS steps FROM runs r JOIN metrics m USING (run) GROUP BY 1 ORDER BY 1";
    expect(await askStore(store, best)).toEqual({
      columns: [
        { name: "optimizer", numeric: false },
        { name: "best", numeric: true },
        { name: "steps", numeric: true },
      ],
      rows: [
        ["adamw", 2, 1],
        ["muon", 1.5, 4],
      ],
    });
    expect((await askStore(store, "SELECT line FROM damaged")).rows).toEqual([
      ['{"step": 3, "valLo'],
      ["[1]"],
      ['{"step": "x"}'],
      ['{"st'],
    ]);
    const option = "SELECT optimizerOptions->>'momentum' FROM runs WHERE optimizer = 'adamw'";
    expect((await askStore(store, option)).rows).toEqual([["0.95"]]);
    await expect(askStore(store, "SELECT nothing FROM runs")).rejects.toThrow(
      /the query cannot be answered: .*nothing/s,
    );
  } finally {
    store.close();
  }
});

test("no runs are no error", async () => {
  const { code, out } = await cli("query", "SELECT count(*) AS n FROM metrics", temporaryFolder(), "--json");
  expect([code, out]).toEqual([0, ['[{"n":0}]']]);
});

test("steepest runs filters, sorts, cuts and writes tables that are whole", async () => {
  const root = fakeRuns();
  const { code, out } = await cli(
    "runs",
    root,
    "--where",
    "valLoss < 2.2",
    "--sort",
    "valLoss",
    "--columns",
    "optimizer,valloss",
    "--json",
  );
  expect([code, JSON.parse(out.at(-1) ?? "")]).toEqual([
    0,
    [
      { optimizer: "muon", valLoss: 1.5 },
      { optimizer: "adamw", valLoss: 2 },
    ],
  ]);
  const csv = join(root, "runs.csv");
  const parquet = join(root, "runs.parquet");
  expect(
    (
      await cli(
        "runs",
        root,
        "--sort",
        "valLoss",
        "--columns",
        "optimizer,valLoss",
        "--limit",
        "1",
        "--csv",
        csv,
        "--parquet",
        parquet,
      )
    ).code,
  ).toBe(0);
  expect(readFileSync(csv, "utf8")).toBe("optimizer,valLoss\nmuon,1.5\n");
  expect(readFileSync(parquet).subarray(0, 4).toString()).toBe("PAR1");
  const missing = join(root, "nowhere", "runs.csv");
  const refused = await cli("runs", root, "--csv", missing);
  expect([refused.code, refused.err.join()]).toEqual([2, expect.stringContaining(`cannot write ${missing}`)]);
  expect(() => statSync(missing)).toThrow();
});

test("the settings in which runs differ", async () => {
  const root = fakeRuns();
  const runs = [join(root, "book"), join(root, "compare", "adamw-seed0")];
  const { out } = await cli("runs", "--diff", ...runs, "--json");
  expect(JSON.parse(out.at(-1) ?? "")).toEqual({
    runs,
    differences: [
      { setting: "optimizer", values: ["muon", "adamw"] },
      { setting: "optimizerOptions.learningRate", values: [0.02, 0.003] },
      { setting: "steps", values: [2, 1] },
    ],
  });
  expect(planDifferences([{ a: [1] }, { a: [1] }])).toEqual([]);
});

test.each([
  ["query", "query needs a statement"],
  ["runs /nowhere/at/all", "there is no folder /nowhere/at/all"],
  ["runs . --columns valLos", '--columns has no "valLos" (did you mean "valLoss"?)'],
  ["runs . --limit 0", "--limit must be a whole number ≥ 1"],
])("steepest %s: a sentence", async (line, message) => {
  const { code, err } = await cli(...line.split(" "));
  expect(code).toBeGreaterThan(0);
  expect(err.join("\n")).toContain(message);
});

test("what was watched is there as numbers and as spectra", async () => {
  const folder = fakeRun(join(temporaryFolder(), "watched"), { losses: [3, 2] });
  const lines = [
    { step: 1, diagnostic: "gap", scope: "all", name: "all", values: { gap: 4.5, radius: 2 } },
    {
      ...{ step: 1, diagnostic: "spectra", scope: "layer", name: "w", role: "mlp", values: {} },
      arrays: { weight: [3, 1], update: [0.5] },
    },
  ];
  writeFileSync(join(folder, "watch.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  appendFileSync(join(folder, "watch.jsonl"), '{"step":2,"diagnostic":"ga');
  const store = await openStore([folder]);
  const watched = await askStore(store, "SELECT step, diagnostic, metric, value FROM watch ORDER BY metric");
  expect(watched.rows).toEqual([
    [1, "gap", "gap", 4.5],
    [1, "gap", "radius", 2],
  ]);
  const spectra = await askStore(store, "SELECT name, role, matrix, sigma[1] FROM spectra ORDER BY matrix");
  expect(spectra.rows).toEqual([
    ["w", "mlp", "update", 0.5],
    ["w", "mlp", "weight", 3],
  ]);
  store.close();
});
