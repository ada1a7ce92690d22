import { createOptimizer, explainAssignment, OptionError, optimizerNames, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  distance,
  flatten,
  makeTree,
  type Path,
  paths,
  run,
  shapes,
  wave,
  weights,
} from "./support/trees.ts";

type Options = Readonly<Record<string, unknown>>;

const sizeOf = (path: Path): number => shapes[path].reduce((a: number, b: number) => a * b, 1);

/** The part of flat numbers that is one parameter's. */
function partOf(all: readonly number[], path: Path): number[] {
  const before = paths.slice(0, paths.indexOf(path)).reduce((sum, other) => sum + sizeOf(other), 0);
  return all.slice(before, before + sizeOf(path));
}
const withoutPart = (all: readonly number[], path: Path): number[] =>
  paths.filter((other) => other !== path).flatMap((other) => partOf(all, other));

const trained = (name: string, options: Options = {}, steps = 2): number[] =>
  run(createOptimizer(name, options), { steps });
const start = flatten(weights());

describe("methods with one norm over all layers", () => {
  const methods: [name: string, options: Options][] = [
    ["clipped_scion", { rho: 30 }],
    ["clipped_scion", { rho: 30, blocks: 2 }],
    ["unconstrained_clipped_scion", { rho: 60 }],
    ["ggnc", { threshold: 60 }],
    ["ggnc", { threshold: 60, product: "l2" }],
    ["clipped_gd", { threshold: 1 }],
    ["clipped_sign", { threshold: 200 }],
    ["clipped_spectral", { threshold: 20 }],
    ["s3cg", {}],
    ["sd", { product: "max" }],
  ];
  test.each(methods)("%s %j: groups that change nothing change no step", (name, options) => {
    const groups = [{ match: "head" }, { match: "blocks.*.tall" }];
    expect(distance(trained(name, { ...options, groups }), trained(name, options))).toBe(0);
  });
  test.each(methods)(
    "%s %j: a rate of its own moves its group alone, all others as before",
    (name, options) => {
      const path = "blocks.0.tall";
      const groups = [{ match: path, learningRate: 0 }];
      const [plain, grouped] = [trained(name, options, 1), trained(name, { ...options, groups }, 1)];
      expect(distance(partOf(grouped, path), partOf(start, path))).toBe(0);
      expect(distance(withoutPart(grouped, path), withoutPart(plain, path))).toBe(0);
    },
  );
  test("norm and radius of a group are its own, and count in the norm of all", () => {
    const options = { rho: 1000, momentum: 0, learningRate: 1, headRadius: 10 };
    const plain = trained("unconstrained_clipped_scion", options, 1);
    const groups = [{ match: "head", headRadius: 20 }];
    const grouped = trained("unconstrained_clipped_scion", { ...options, groups }, 1);
    const moved = (all: readonly number[], path: Path): number[] =>
      partOf(all, path).map((x, i) => x - (partOf(start, path)[i] ?? 0));
    const [before = 0, after = 0] = [plain, grouped].map((all) => moved(all, "bias")[0]);
    expect(Math.abs(after)).toBeGreaterThan(1.05 * Math.abs(before)); // S is larger by the head's share
    const ratio = (moved(grouped, "head")[0] ?? 0) / (moved(plain, "head")[0] ?? 1);
    expect(ratio).toBeCloseTo((2 * after) / before, 3);
  });
  test("row blocks of one group alone", () => {
    const options = { rho: 30 };
    const whole = trained("clipped_scion", { ...options, blocks: 2 });
    const groups = [{ match: "blocks.**", blocks: 2 }];
    expect(distance(trained("clipped_scion", { ...options, groups }), whole)).toBe(0);
  });
  test("what is one number for all layers is no option of a group", () => {
    const groups = [{ match: "head", rho: 1 }];
    expect(() => createOptimizer("clipped_scion", { groups })).toThrow(OptionError);
    expect(() => createOptimizer("clipped_scion", { groups })).toThrow(/group 1: rho must be the same/);
  });
  test("leaks nothing", async () => {
    const groups = [{ match: "head", headRadius: 20 }];
    expect(await leakedBuffers(() => trained("clipped_scion", { groups }))).toBe(0);
  });
});

describe("a group's learning rate and decay", () => {
  const groups = [{ match: "embedding", learningRate: 0 }];
  test.each(optimizerNames())("%s: the embedding's rate is its group's", (name) => {
    const rows = createOptimizer(name, { groups }).assign(weights());
    expect(rows.find(({ path }) => path === "embedding")?.learningRate).toBe(0);
  });
  // One of each kind of recipe: all parameters alike, AdamW beside, its own method beside, by norm, over all layers.
  const kinds = [
    "adamw",
    "muon",
    "muon_airbench",
    "conda",
    "adadiag",
    "scale",
    "muon_hyperball",
    "scion",
    "ggnc",
  ];
  test.each(kinds)("%s: a rate of 0 holds the embedding", (name) => {
    const end = trained(name, { groups }, 1);
    expect(partOf(end, "embedding")).toEqual(partOf(start, "embedding"));
    expect(partOf(end, "head")).not.toEqual(partOf(start, "head"));
  });
  test("decay is that of the method a parameter gets", () => {
    const groups = [{ match: ["embedding", "blocks.*.wide"], learningRate: 0.5, weightDecay: 0.25 }];
    const rows = explainAssignment(createOptimizer("muon", { learningRate: 0.02, groups }), weights(), {
      print: false,
    });
    const rates = (path: Path) => rows.find((row) => row.path === path);
    expect(rates("embedding")).toMatchObject({ method: "adamw", learningRate: 0.5, weightDecay: 0.25 });
    expect(rates("blocks.0.wide")).toMatchObject({ method: "muon", learningRate: 0.5, weightDecay: 0.25 });
    expect(rates("head")).toMatchObject({ method: "adamw", learningRate: 3e-4, weightDecay: 0 });
    expect(rates("blocks.0.tall")).toMatchObject({ method: "muon", learningRate: 0.02, weightDecay: 0 });
  });
  test("the auxiliary names still name the auxiliary method", () => {
    const groups = [{ match: "**", learningRate: 0.5, auxiliaryLearningRate: 0.1 }];
    const rows = explainAssignment(createOptimizer("muon", { groups }), weights(), { print: false });
    expect(rows.map(({ learningRate }) => learningRate)).toEqual([0.5, 0.5, 0.1, 0.1, 0.1, 0.1]);
  });
});

describe("options that a group's parameters do not read", () => {
  const errors: [string, Options, RegExp][] = [
    ["muon", { match: "embedding", momentum: 0.5 }, /get adamw, which does not read momentum.*b1/],
    ["muon", { match: "blocks.**", b1: 0.5 }, /get muon, which does not read b1/],
    ["muon", { match: "blocks.**", auxiliaryLearningRate: 0.5 }, /does not read auxiliaryLearningRate/],
    ["adadiag", { match: "embedding", b1: 0.5 }, /does not read b1/],
    ["muon_airbench", { match: "head", steps: 2 }, /get sgd, which does not read steps/],
    ["scion", { match: "head", radius: 5 }, /does not read radius.*headRadius/],
    ["scion", { match: "head", steps: 5 }, /does not read steps/],
    ["clipped_scion", { match: "head", radius: 5 }, /does not read radius/],
  ];
  test.each(errors)("%s %j is an error", (name, group, message) => {
    const optimizer = createOptimizer(name, { groups: [group] });
    expect(() => optimizer.assign(weights())).toThrow(OptionError);
    expect(() => optimizer.assign(weights())).toThrow(message);
  });
  test("one reader is enough", () => {
    const optimizer = createOptimizer("muon", { groups: [{ match: "**", b1: 0.5, momentum: 0.8 }] });
    expect(optimizer.assign(weights())).toHaveLength(paths.length);
  });
});

describe("freeze", () => {
  const groups = [{ match: ["embedding", "blocks.*.wide"], freeze: true }];
  test.each(["adamw", "muon", "scion", "clipped_scion", "mcsd"])("%s: never moves, has no state", (name) => {
    const optimizer = createOptimizer(name, { groups });
    const end = run(optimizer, { steps: 2 });
    for (const path of ["embedding", "blocks.0.wide"] as const)
      expect(partOf(end, path)).toEqual(partOf(start, path));
    expect(partOf(end, "head")).not.toEqual(partOf(start, "head"));
    const rows = explainAssignment(optimizer, weights(), { print: false });
    expect(rows.find(({ path }) => path === "embedding")).toMatchObject({
      method: "frozen",
      learningRate: 0,
      stateFloats: 0,
    });
  });
  test("its gradients do not count in the global norm, nor as not finite", () => {
    const spoiled = (step: number): Tree =>
      makeTree((path, size) => {
        const frozen = path === "embedding" || path === "blocks.0.wide";
        return wave(size, 10 + 7 * step + paths.indexOf(path)).map((x) => (frozen ? Number.NaN : x));
      });
    const options = { groups, clipGlobalNorm: 0.1, skipNonFinite: true };
    const clean = run(createOptimizer("sgd", options), { steps: 2 });
    expect(run(createOptimizer("sgd", options), { steps: 2, gradient: spoiled })).toEqual(clean);
    expect(partOf(clean, "head")).not.toEqual(partOf(start, "head"));
  });
  test("takes nothing beside it", () => {
    const wrong = [{ match: "head", freeze: true, learningRate: 1 }];
    expect(() => createOptimizer("adamw", { groups: wrong })).toThrow(/group 1: frozen.*learningRate/);
  });
  test("leaks nothing", async () => {
    const optimizer = createOptimizer("muon", { groups, clipGlobalNorm: 1, skipNonFinite: true });
    expect(await leakedBuffers(() => run(optimizer, { steps: 2 }))).toBe(0);
  });
});
