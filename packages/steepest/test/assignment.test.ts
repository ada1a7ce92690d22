import { numpy as np } from "@jax-js/jax";
import {
  createOptimizer,
  describeOptimizer,
  explainAssignment,
  inferRoles,
  listParameters,
  OptionError,
  optimizerNames,
  partition,
  type Role,
  type Stateless,
  type Transform,
  type Tree,
} from "steepest";
import { scale } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { paths, run, weights } from "./support/trees.ts";

const using = <T>(work: (params: Tree) => T, make: () => Tree = weights): T => work(make());

describe("inferRoles", () => {
  const cases: [path: string, shape: number[], role: Role][] = [
    ["embedding", [9, 4], "embedding"],
    ["transformer.wte.weight", [9, 4], "embedding"],
    ["tok_embeddings.weight", [9, 4], "embedding"],
    ["lm_head.weight", [9, 4], "head"],
    ["head", [9, 4], "head"],
    ["blocks.3.attention.query", [4, 4], "hidden"],
    ["blocks.3.heads.mix", [4, 4], "hidden"],
    ["blocks.0.norm1.gain", [4], "gain"],
    ["ln_f.bias", [4], "bias"],
    ["stem.kernel", [8, 3, 3, 3], "conv"],
    ["temperature", [], "bias"],
  ];
  test.each(cases)("%s %j is %s", (path, shape, role) => {
    const [guess] = inferRoles({ [path]: np.zeros(shape) });
    expect(guess).toMatchObject({ path, role });
    expect(guess?.because).toMatch(/rank/);
  });
});

describe("listParameters", () => {
  const roles = Object.fromEntries(paths.map((path): [string, Role] => [path, "hidden"]));
  const errors: [string, () => unknown, RegExp][] = [
    [
      "a role for nothing",
      () => listParameters(weights(), { ...roles, embeding: "hidden" }),
      /"embeding".*"embedding"/,
    ],
    [
      "a parameter without role",
      () => listParameters(weights(), { embedding: "embedding" }),
      /leave out .*"bias"/,
    ],
    [
      "a vector called hidden",
      () => listParameters({ b: np.zeros([5]) }, { b: "hidden" }),
      /"b" of shape \[5\].*rank 2/,
    ],
    [
      "an unknown role",
      () => listParameters({ b: np.zeros([5]) }, { b: "biass" as Role }),
      /roles are hidden/,
    ],
    [
      "a transposed head",
      () => listParameters({ embedding: np.zeros([5, 2]), head: np.zeros([2, 5]) }),
      /transpose of embedding/,
    ],
    [
      "one array twice",
      () => {
        const shared = np.zeros([3, 3]);
        return listParameters({ a: shared, b: shared });
      },
      /"a" and "b" are the same array/,
    ],
    [
      "a key with a dot",
      () => listParameters({ "a.b": np.zeros([1]), a: { b: np.zeros([1]) } }),
      /two parameters/,
    ],
  ];
  test.each(errors)("%s is an error that names it", (_, work, message) => {
    expect(work).toThrow(message);
  });
  test("a function may leave parameters to inference", () => {
    const found = using((params) => listParameters(params, (path) => (path === "bias" ? "gain" : undefined)));
    expect(found.find(({ path }) => path === "bias")?.role).toBe("gain");
    expect(found.find(({ path }) => path === "head")?.role).toBe("head");
  });
});

describe("explainAssignment", () => {
  test("names shape, role, rule, method, scale and state of every parameter, and prints them", () => {
    const lines: string[] = [];
    const optimizer = createOptimizer("muon", {
      groups: [{ match: "blocks.*.tall", learningRate: 0.1, scale: "moonlight" }],
    });
    const rows = using((params) =>
      explainAssignment(optimizer, params, { print: (line) => lines.push(line) }),
    );
    expect(rows[0]).toEqual({
      path: "blocks.0.wide",
      shape: [4, 6],
      role: "hidden",
      rule: "role hidden",
      method: "muon",
      scale: 1,
      learningRate: 0.02,
      weightDecay: 0,
      stateFloats: 24,
    });
    expect(rows[1]).toMatchObject({ rule: "group blocks.*.tall", method: "muon", scale: 0.2 * Math.sqrt(6) });
    expect(rows[2]).toMatchObject({ path: "embedding", method: "adamw", stateFloats: 56 });
    expect(lines).toHaveLength(2 + paths.length);
    expect(lines[0]).toMatch(/^parameter +shape +role +rule +method +scale +rate +decay +state floats$/);
    expect(lines[2]).toMatch(/^blocks\.0\.wide +4×6 +hidden +role hidden +muon +1 +0\.02 +0 +24$/);
  });

  test.each(optimizerNames().filter((name) => "learningRate" in describeOptimizer(name).options))(
    "has the learning rate that is in force for hidden weights: %s",
    (name) => {
      const optimizer = createOptimizer(name, { learningRate: 0.125 });
      const rows = using((params) => explainAssignment(optimizer, params, { print: () => {} }));
      const hidden = rows.filter(({ path }) => path.startsWith("blocks."));
      expect(hidden.map(({ learningRate }) => learningRate)).toEqual(hidden.map(() => 0.125));
      expect(hidden.length).toBeGreaterThan(0);
    },
  );
});

describe("groups", () => {
  const errors: [string, Record<string, unknown>, RegExp][] = [
    [
      "a pattern that fits nothing",
      { groups: [{ match: "block.*.wide" }] },
      /"block\.\*\.wide" \(did you mean "blocks\.0\.wide"/,
    ],
    [
      "two groups for one parameter",
      { groups: [{ match: "blocks.**" }, { match: "**.wide" }] },
      /"blocks\.0\.wide" is in two groups/,
    ],
    [
      "an unknown method",
      { groups: [{ match: "head", method: "adam" }] },
      /no method "adam" \(did you mean "adamw"/,
    ],
    [
      "an unknown option",
      { groups: [{ match: "head", learningrate: 1 }] },
      /"learningrate" \(did you mean "learningRate"/,
    ],
  ];
  test.each(errors)("%s is an error that names it", (_, options, message) => {
    expect(() => run(createOptimizer("muon", options))).toThrow(OptionError);
    expect(() => run(createOptimizer("muon", options))).toThrow(message);
  });

  test("change options of their parameters alone", () => {
    const plain = run(createOptimizer("adamw"));
    const grouped = run(
      createOptimizer("adamw", { groups: [{ match: ["bias", "norm.gain"], learningRate: 0 }] }),
    );
    const untouched = 24 + 24 + 28 + 28;
    expect(grouped.slice(0, untouched)).toEqual(plain.slice(0, untouched));
    const start = run(createOptimizer("adamw"), { steps: 0 });
    expect(grouped.slice(untouched)).toEqual(start.slice(untouched));
  });
});

describe("partition", () => {
  test("gives each group its own transform", () => {
    const split = partition(({ role }) => (role === "hidden" ? "fast" : "slow"), {
      fast: scale(-1),
      slow: scale(0),
    });
    const [start, end] = [run(split, { steps: 0 }), run(split, { steps: 1 })];
    expect(end.slice(48)).toEqual(start.slice(48));
    expect(end.slice(0, 48)).not.toEqual(start.slice(0, 48));
  });
  test("refuses a label without group, by name", () => {
    const split = partition(({ role }): string => role, { hiden: scale(1) });
    expect(() => run(split)).toThrow(
      /"blocks\.0\.wide" is labelled "hidden", which is no group \(did you mean "hiden"/,
    );
  });
  test("each group sees its own phase, in the common period", () => {
    const seen: [string, number | undefined][] = [];
    const spy = (name: string, period: number): Transform => ({
      ...scale(1),
      period,
      update(updates, state, params, context) {
        seen.push([name, context?.phase]);
        return scale(1).update(updates, state as Stateless, params);
      },
    });
    const split = partition(({ role }) => (role === "hidden" ? "two" : "three"), {
      two: spy("two", 2),
      three: spy("three", 3),
    });
    expect(split.period).toBe(6);
    run(split, { steps: 4 });
    expect(seen.filter(([name]) => name === "two").map(([, phase]) => phase)).toEqual([0, 1, 0, 1]);
    expect(seen.filter(([name]) => name === "three").map(([, phase]) => phase)).toEqual([0, 1, 2, 0]);
  });
  test("leaks nothing", async () => {
    const split = partition(() => "all", { all: scale(-1) });
    expect(await leakedBuffers(() => run(split))).toBe(0);
  });
});
