import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@jax-js/jax";
import { createLanguageModel } from "@steepest/models";
import { createOptimizer, disposeTree, explainAssignment } from "steepest";
import * as v from "valibot";
import { describe, expect, onTestFinished, test } from "vitest";

import { main } from "../src/cli.ts";
import { catalogue, loadClaim } from "../src/reproduce/catalogue.ts";
import { type Analysis, type Claim, defineClaim } from "../src/reproduce/claim.ts";
import { readClaimData, resultsOf, writeClaimData } from "../src/reproduce/claimData.ts";
import { claimFigure } from "../src/reproduce/claimFigure.ts";
import { claimIndex, withClaimTable } from "../src/reproduce/claimIndex.ts";
import { claimPage } from "../src/reproduce/claimPage.ts";
import { makeHere, type PartMaker } from "../src/reproduce/makePart.ts";
import { mupGroups } from "../src/reproduce/mupGroups.ts";
import {
  expectFair,
  type Protocol,
  protocolOutcomes,
  protocolParts,
  type TunedOutcome,
} from "../src/reproduce/protocol.ts";
import { rankedTasks } from "../src/reproduce/rankedTasks.ts";
import { correlation, rankingPage } from "../src/reproduce/rankingPage.ts";
import { runClaim } from "../src/reproduce/runClaim.ts";
import { leastShare, logSlope, ratioOf, together, verdictOf } from "../src/reproduce/statistics.ts";
import type { Trained } from "../src/reproduce/trained.ts";
import { RunInterruptedError } from "../src/run/runErrors.ts";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "steepest-claims-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const analysis: Analysis = {
  verdict: "holds",
  headline: "It is 3.",
  tables: [{ head: ["a", "b|c"], rows: [["x", "1"]] }],
  figure: {
    label: "nothing much",
    panels: [
      {
        title: "one < two",
        x: { label: "step", log: true },
        y: { label: "loss" },
        series: [
          {
            name: "a & b",
            points: [
              [1, 2],
              [10, 1],
            ],
            band: [
              [1, 1.5, 2.5],
              [10, 0.5, 1.5],
            ],
            dots: true,
          },
        ],
      },
      {
        title: "intervals",
        x: { label: "difference" },
        rule: 0,
        rows: [{ name: "a", value: 1, low: 0.5, high: 2 }],
      },
    ],
  },
  remarks: ["A remark."],
};

/** Two parts; when both are there, a third that adds them. */
const sums = (made: string[] = []): Claim =>
  defineClaim<number>({
    name: "sums",
    title: "Sums",
    source: { authors: "Nobody", title: "Nothing", year: 2025, id: "arXiv:0", where: "section 1" },
    statement: "One and two are three.",
    setup: () => "By adding.",
    result: v.number(),
    parts(_, done) {
      const part = (id: string, value: number) => ({
        id,
        cost: 1,
        make: async () => {
          made.push(id);
          return value;
        },
      });
      const [one, two] = [done.get("one"), done.get("two")];
      const first = [part("one", 1), part("two", 2)];
      return one === undefined || two === undefined ? first : [...first, part("sum", one + two)];
    },
    analyse: (_, done) => ({ ...analysis, headline: `It is ${done.get("sum")}.` }),
  });

const never = new AbortController().signal;

describe("the parts of a claim", () => {
  test("are made in rounds, kept, and not made again; half a file counts as none", async () => {
    const folder = scratch();
    const made: string[] = [];
    const io = { folder, maker: makeHere, atOnce: 1, signal: never };
    const data = await runClaim(sums(made), "small", io);
    expect(made).toEqual(["one", "two", "sum"]);
    expect(data.parts.map(({ id, result }) => [id, result])).toEqual([
      ["one", 1],
      ["two", 2],
      ["sum", 3],
    ]);
    writeFileSync(join(folder, "parts", "two.json"), '{"cpuSeconds":1,');
    await runClaim(sums(made), "small", io);
    expect(made).toEqual(["one", "two", "sum", "two"]);
  });

  test("that were not reached are made after a stop; one that fails says which it was and loses no other", async () => {
    const folder = scratch();
    const made: string[] = [];
    const stop = new AbortController();
    const stopping: PartMaker = (...order) => {
      stop.abort();
      return makeHere(...order);
    };
    const io = { folder, atOnce: 1 };
    await expect(
      runClaim(sums(made), "small", { ...io, maker: stopping, signal: stop.signal }),
    ).rejects.toBeInstanceOf(RunInterruptedError);
    expect(made).toEqual(["one"]);
    const failing: PartMaker = (claim, scale, id, ...rest) =>
      id === "sum" ? Promise.reject(new Error("no memory")) : makeHere(claim, scale, id, ...rest);
    await expect(runClaim(sums(made), "small", { ...io, maker: failing, signal: never })).rejects.toThrow(
      "sums, sum: no memory",
    );
    await runClaim(sums(made), "small", { ...io, maker: makeHere, signal: never });
    expect(made).toEqual(["one", "two", "sum"]);
  });

  test("make a page and a figure, the same ones from the data alone", async () => {
    const folder = scratch();
    const claim = sums();
    writeClaimData(
      folder,
      await runClaim(claim, "small", { folder, maker: makeHere, atOnce: 2, signal: never }),
    );
    const data = readClaimData(folder, "sums");
    expect(Object.fromEntries(resultsOf(data))).toEqual({ one: 1, two: 2, sum: 3 });
    const page = claimPage(claim, data);
    expect(page.markdown).toContain("**At scale small this holds.** It is 3.");
    expect(page.markdown).toContain("| a | b\\|c |");
    expect(page.markdown).toContain("steepest reproduce sums --scale small");
    expect(page).toEqual(claimPage(claim, readClaimData(folder, "sums")));
    expect(page.svg).toContain("one &lt; two");
    expect(page.svg).toContain("a &amp; b");
  });

  test("of another type are refused", () => {
    expect(() => sums().parts("small", new Map([["one", "1"]]))).toThrow(/Expected number/);
  });
});

test("a figure has a mark for every point that can be drawn, and none for one that cannot", () => {
  const dots = (points: [number, number][], log: boolean): number =>
    claimFigure({
      label: "dots",
      panels: [
        {
          title: "t",
          x: { label: "x", log },
          y: { label: "y" },
          series: [{ name: "s", points, dots: "only" }],
        },
      ],
    }).match(/<circle/g)?.length ?? 0;
  expect(
    dots(
      [
        [1, 1],
        [2, 2],
      ],
      true,
    ),
  ).toBe(2);
  expect(
    dots(
      [
        [0, 1],
        [2, 2],
        [3, Number.NaN],
      ],
      true,
    ),
  ).toBe(1);
});

const claims = fileURLToPath(new URL("../../../docs/results/claims/", import.meta.url));
describe.each(catalogue.map(({ name }) => name))("docs/results/claims/%s", (name) => {
  test("is what its data make; else: steepest reproduce --all --page docs/results/claims", async () => {
    const claim = await loadClaim(name);
    const { markdown, svg } = claimPage(claim, readClaimData(claims, name));
    expect(readFileSync(`${claims}${name}.md`, "utf8")).toBe(markdown);
    expect(readFileSync(`${claims}${name}.svg`, "utf8")).toBe(svg);
  });
});

test("docs/results/ranking.md is what the data make; else: npm run docs", () => {
  const tasks = rankedTasks(claims);
  expect(tasks.map(({ name }) => name)).toEqual(["text", "images"]);
  expect(readFileSync(new URL("../../../docs/results/ranking.md", import.meta.url), "utf8")).toBe(
    rankingPage(tasks),
  );
});

test("places agree as far as their rank correlation says", () => {
  expect(correlation([1, 2, 3, 4], [1, 2, 3, 4])).toBeCloseTo(1, 12);
  expect(correlation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
  expect(correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])).toBeCloseTo(1 - (6 * 4) / (5 * 24), 12); // 1 − 6Σd²/(n(n² − 1))
});

test("methods are ranked by their mean place; what diverged is last and says so", () => {
  const outcome = (label: string, losses: readonly (number | null)[]): TunedOutcome => ({
    label,
    settings: losses.includes(null) ? null : {},
    finals: losses.map((valLoss, i) => ({
      seed: i,
      run: {
        ...{ status: valLoss === null ? "diverged" : "finished", valLoss, valAccuracy: null, steps: 9 },
        ...{ parameters: 10, stateFloats: 20, msPerStep: 1, curve: [] },
      },
    })),
    ...{ trials: 6, diverged: 0, edges: [], points: [] },
  });
  const task = (name: string, list: readonly TunedOutcome[]) => ({
    name,
    job: "a job",
    page: "a.md",
    outcomes: list,
  });
  const page = rankingPage([
    task("text", [
      outcome("adamw", [2, 2.1, 2.2]),
      outcome("muon", [1, 1.1, 1.2]),
      outcome("sgd", [null, null, null]),
    ]),
    task("images", [
      outcome("adamw", [1, 1.1, 1.25]),
      outcome("muon", [1.01, 1.09, 1.26]),
      outcome("sgd", [3, 3.1, 3.3]),
    ]),
  ]);
  const rows = page.split("\n").filter((line) => /^\| \d/.test(line));
  expect(rows).toEqual([
    "| 1 | [adamw](../optimizers/adamw.md) | fisher | 2 | 2.1 | 1 ● | 1.12 | 2 |", // as muon, and first by its name
    "| 2 | [muon](../optimizers/muon.md) | norm-constrained | 1 ● | 1.1 | 2 ● | 1.12 | 2 |",
    "| 3 | [sgd](../optimizers/sgd.md) | gradient | – | diverged | 3 | 3.13 | 2 |",
  ]);
  expect(page).toContain("On every task: [muon]");
});

test("README.md has the table that the data make; else: npm run docs", async () => {
  const listed = await Promise.all(
    catalogue.map(async ({ name, load }) => {
      const claim = await load();
      const data = readClaimData(claims, name);
      return { claim, data, analysis: claim.analyse(data.scale, resultsOf(data)) };
    }),
  );
  const page = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  expect(withClaimTable(page, listed)).toBe(page);
  expect(readFileSync(`${claims}README.md`, "utf8")).toBe(claimIndex(listed));
  expect(() => withClaimTable("nothing", listed)).toThrow("the page has no");
});

const base = { model: "booth", steps: 3 } as const;
const fair: Protocol = {
  base,
  methods: [
    { label: "a", optimizer: "sgd", axes: [{ name: "learningRate", values: [0.01, 0.02] }] },
    { label: "b", optimizer: "adamw", axes: [{ name: "learningRate", values: [0.01, 0.02] }] },
  ],
  tuningSeeds: [0],
  finalSeeds: [1, 2, 3],
  extend: 2,
};

describe("the protocol", () => {
  const [a, b] = fair.methods;
  if (a === undefined || b === undefined) throw new Error("two methods");

  test("refuses other budgets, seeds used twice, too few of them, and steps that are not fixed", () => {
    expect(() => expectFair(fair)).not.toThrow();
    const more = { ...b, axes: [{ name: "learningRate", values: [0.01, 0.02, 0.03] }] };
    expect(() => expectFair({ ...fair, methods: [a, more] })).toThrow("a has 2 trials and b 3");
    expect(() => expectFair({ ...fair, finalSeeds: [0, 1, 2] })).toThrow("seed 0 is used for tuning");
    expect(() => expectFair({ ...fair, finalSeeds: [1, 2] })).toThrow("take 3 or more");
    expect(() => expectFair({ ...fair, base: { model: "booth" } })).toThrow("steps is not fixed");
  });

  test("goes beyond an end that is best, then takes the best settings to fresh seeds; divergence is counted", () => {
    const searched: Protocol = {
      ...fair,
      methods: [{ ...a, axes: [{ name: "learningRate", low: 0.01, high: 0.04, scale: "log", points: 3 }] }],
    };
    const done = new Map<string, Trained>();
    const rounds: number[] = [];
    for (;;) {
      const left = protocolParts(searched, done).filter(({ id }) => !done.has(id));
      if (left.length === 0) break;
      rounds.push(left.length);
      for (const { id } of left) done.set(id, trainedWith(done.size === 0 ? null : 1 / (1 + done.size)));
    }
    expect(rounds).toEqual([3, 1, 1, 3]); // the grid, two values beyond its end, three fresh seeds
    const [outcome] = protocolOutcomes(searched, done);
    expect(outcome?.settings).toEqual({ learningRate: 0.16 });
    expect(outcome?.finals.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(outcome).toMatchObject({ trials: 5, diverged: 1, edges: ["learningRate at its largest"] });
  });
});

const trainedWith = (valLoss: number | null): Trained => ({
  status: valLoss === null ? "diverged" : "finished",
  valLoss,
  valAccuracy: null,
  steps: 3,
  parameters: 2,
  stateFloats: 0,
  msPerStep: 1,
  curve: [],
});

test("verdicts follow intervals, and too few pairs tell nothing", () => {
  expect(verdictOf({ mean: -1, low: -2, high: -0.5 }, "below", 0, 5)).toBe("holds");
  expect(verdictOf({ mean: 1, low: 0.5, high: 2 }, "below", 0, 5)).toBe("does not hold");
  expect(verdictOf({ mean: 1, low: 0.5, high: 2 }, "above", 0, 5)).toBe("holds");
  expect(verdictOf({ mean: 0, low: -1, high: 1 }, "below", 0, 5)).toBe("cannot be told");
  expect(verdictOf({ mean: -1, low: -2, high: -0.5 }, "below", 0, 2)).toBe("cannot be told");
  expect(together(["holds", "cannot be told"])).toBe("cannot be told");
  expect(together(["holds", "cannot be told", "does not hold"])).toBe("does not hold");
});

test("ratios, slopes and shares by hand", () => {
  const ratio = ratioOf([2, 4, 8], [1, 2, 4]);
  expect(ratio).toMatchObject({ mean: expect.closeTo(2, 12), low: expect.closeTo(2, 12) });
  expect(ratioOf([1, 0], [1, 1])).toBeUndefined();
  expect(
    logSlope([
      [1, 8],
      [10, 0.8],
      [100, 0.08],
    ])?.mean,
  ).toBeCloseTo(-1, 12);
  expect(leastShare(20)).toBeCloseTo(0.8316, 4);
});

describe("the command", () => {
  const say = async (...argv: string[]) => {
    const lines = { out: [] as string[], err: [] as string[] };
    const code = await main(["reproduce", ...argv], {
      out: (line) => lines.out.push(line),
      err: (line) => lines.err.push(line),
      interactive: false,
      signal: never,
      listen: () => {},
    });
    return { code, out: lines.out.join("\n"), err: lines.err.join("\n") };
  };

  test("lists the claims", async () => {
    const { code, out } = await say();
    expect(code).toBe(0);
    for (const { name } of catalogue) expect(out).toContain(name);
    expect(JSON.parse((await say("--json")).out)).toHaveLength(catalogue.length);
  });

  test("says what is wrong with a name, a scale, and flags that do not go together", async () => {
    expect(await say("nuclear-least-square")).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "nuclear-least-squares"'),
    });
    expect(await say("nuclear-least-squares", "--scale", "smal")).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean "small"'),
    });
    expect(await say("nuclear-least-squares", "--all")).toMatchObject({ code: 2 });
    expect(await say("--all", "--page", "x", "--scale", "small")).toMatchObject({ code: 2 });
    expect(await say("--resume")).toMatchObject({ code: 2, err: expect.stringContaining("name a claim") });
    const missing = await say("nuclear-least-squares", "--page", scratch());
    expect(missing).toMatchObject({
      code: 1,
      err: expect.stringContaining("it has no nuclear-least-squares.json"),
    });
  });

  test("makes a page again from the data in a folder", async () => {
    const folder = scratch();
    writeFileSync(
      join(folder, "nuclear-least-squares.json"),
      readFileSync(`${claims}nuclear-least-squares.json`),
    );
    const { code, out } = await say("nuclear-least-squares", "--page", folder, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject([{ claim: "nuclear-least-squares", verdict: "holds" }]);
    expect(readFileSync(join(folder, "nuclear-least-squares.md"), "utf8")).toBe(
      readFileSync(`${claims}nuclear-least-squares.md`, "utf8"),
    );
    expect(existsSync(join(folder, "nuclear-least-squares.svg"))).toBe(true);
  });
});

test("rates of the maximal update parametrisation go by the width, for whom the papers say", () => {
  expect(mupGroups("adam", 0.1, 128, 32)).toEqual([
    { match: ["blocks.*.attention.*", "blocks.*.feedForward.*", "head"], learningRate: 0.025 },
  ]);
  expect(mupGroups("sgd", 0.1, 64, 32)).toEqual([
    { match: ["head"], learningRate: 0.05 },
    { match: ["embedding"], learningRate: 0.2 },
  ]);
  const model = createLanguageModel("tiny", { vocabSize: 8, width: 64, depth: 1, heads: 2, context: 8 });
  const params = model.init(random.key(0));
  const groups = mupGroups("adam", 0.1, 64, 32);
  const rows = explainAssignment(createOptimizer("adamw", { learningRate: 0.1, groups }), params, {
    print: () => {},
  });
  for (const { path, learningRate } of rows)
    expect(learningRate, path).toBe(/^blocks\.\d+\.(attention|feedForward)\.|^head/.test(path) ? 0.05 : 0.1);
  expect(rows.filter(({ learningRate }) => learningRate === 0.05).length).toBeGreaterThan(3);
  disposeTree(params);
});
