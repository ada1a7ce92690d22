import { jit, numpy as np, random } from "@jax-js/jax";
import {
  createOptimizer,
  describeOptimizer,
  explainAssignment,
  namedLeaves,
  type OptimizerName,
  type OptimizerState,
  OptionError,
  optimizerNames,
  type Transform,
  type Tree,
} from "steepest";
import { inRowBlocks } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { array, distance, run, wave } from "./support/trees.ts";

const columns = 5;
/** Rows of a fused weight, cut at the heights given or left whole. */
function parts(seed: number, heights: readonly number[] | "whole"): Record<string, np.Array> {
  const rows = 12;
  const values = wave(rows * columns, seed);
  if (heights === "whole") return { qkv: array(values, [rows, columns]) };
  let from = 0;
  return Object.fromEntries(
    heights.map((height, i) => {
      const own = values.slice(from * columns, (from + height) * columns);
      from += height;
      return [`qkv[${i}]`, array(own, [height, columns])];
    }),
  );
}

/** A model of one fused weight, a convolution, an embedding and a gain; what is not cut is not hidden. */
const tree = (seed: number, heights: readonly number[] | "whole"): Tree => ({
  ...parts(seed, heights),
  embedding: array(wave(28, seed + 5), [7, 4]),
  gain: array(wave(4, seed + 6), [4]),
});
const training = (heights: readonly number[] | "whole") => ({
  start: () => tree(1, heights),
  gradient: (step: number) => tree(10 + 7 * step, heights),
  steps: 3,
});

const cuttable = optimizerNames().filter((name) => "blocks" in describeOptimizer(name).options);

/** Options under which a stage after the oracle looks at the whole matrix. */
const variants: readonly (readonly [name: OptimizerName, options: Readonly<Record<string, unknown>>])[] = [
  ["muon", { polar: "svd", scale: "moonlight" }],
  ["muon", { polar: "gram" }],
  ["muon_plus", { slices: "col" }],
  ["muon_plus", { slices: "row_col" }],
  ["normuon", { slices: "longSide" }],
  ["clipped_scion", { variant: "primalNorm", rho: 30 }],
  ["s3cg", { variant: "primalNorm" }],
  ["ggnc", { threshold: 1e3 }],
  ["ggnc", { product: "l2", threshold: 1e3 }],
  ["sd", { product: "max" }],
  ["f_neon", { topPair: "svd" }],
];

describe("blocks", () => {
  test("every optimizer that orthogonalises has them", () => {
    for (const name of optimizerNames())
      if ("coefficients" in describeOptimizer(name).options) expect(cuttable).toContain(name);
    expect(cuttable).toEqual(expect.arrayContaining(["neon", "f_neon", "dion", "muon_exact", "nsgd"]));
  });

  /** Long inner iterations, of which a few show as much. */
  const shorter: Partial<Record<OptimizerName, Readonly<Record<string, unknown>>>> = {
    riemannian_aurora: { iterations: 1, solverSteps: 2 },
    spel: { steps: 3 },
    sso: { solverSteps: 2 },
  };
  const all = [...cuttable.map((name) => [name, shorter[name] ?? {}] as const), ...variants];
  test.each(all)("%s %j: a fused weight moves as separate weights do", (name, options) => {
    claim(name, "With `blocks` a fused weight moves as separate weights do");
    // Larger steps than the default make rounding, and anything that is not rounding, visible.
    const own = { learningRate: 0.02, ...options };
    const whole = run(createOptimizer(name, own), training("whole"));
    for (const [blocks, heights] of [
      [3, [4, 4, 4]],
      [
        [4, 1, 1],
        [8, 2, 2],
      ],
    ] as const) {
      const fused = run(createOptimizer(name, { ...own, blocks }), training("whole"));
      const separate = run(createOptimizer(name, own), training(heights));
      // Batches of three and single matrices sum in another order; Newton-Schulz amplifies that.
      expect(distance(fused, separate)).toBeLessThan(2e-5);
      expect(distance(whole, separate)).toBeGreaterThan(1e-4);
    }
  });

  test("convolutions are cut along dOut", () => {
    const conv = (seed: number) => ({ w: array(wave(96, seed), [6, 4, 2, 2]) });
    const cut = (seed: number) => ({
      "w[0]": array(wave(96, seed).slice(0, 64), [4, 4, 2, 2]),
      "w[1]": array(wave(96, seed).slice(64), [2, 4, 2, 2]),
    });
    const steps = { learningRate: 0.02, momentum: 0.5 };
    const fused = run(createOptimizer("uscg", { ...steps, blocks: [2, 1] }), {
      start: () => conv(1),
      gradient: (step) => conv(3 + step),
    });
    const separate = run(createOptimizer("uscg", steps), {
      start: () => cut(1),
      gradient: (step) => cut(3 + step),
    });
    expect(distance(fused, separate)).toBeLessThan(1e-5);
  });

  test("a compiled step is the eager one", () => {
    const muon = createOptimizer("normuon", { learningRate: 0.02, blocks: [4, 1, 1] });
    const step = jit((gradients: Tree, state: Tree, params: Tree) =>
      muon.update(gradients, state as OptimizerState, params),
    );
    const update: Transform["update"] = (...given) => step(given[0], given[1], given[2]) as [Tree, Tree];
    const fast = run(muon, { ...training("whole"), update });
    expect(distance(fast, run(muon, training("whole")))).toBeLessThan(2e-6);
    step.dispose();
  });

  test("roles given by name hold for blocks", () => {
    const given = { roles: { qkv: "hidden", embedding: "embedding", gain: "gain" } } as const;
    const options = { learningRate: 0.02, blocks: 3, threshold: 1e3 };
    expect(run(createOptimizer("ggnc", { ...options, ...given }), training("whole"))).toEqual(
      run(createOptimizer("ggnc", options), training("whole")),
    );
  });

  test("a group cuts its own weights; the table shows the first block's factor", () => {
    const params = tree(1, "whole");
    const muon = createOptimizer("muon", {
      scale: "moonlight",
      groups: [{ match: "qkv", blocks: [4, 1, 1] }],
    });
    const rows = explainAssignment(muon, params, { print: false });
    expect(rows.find(({ path }) => path === "qkv")).toMatchObject({
      scale: 0.2 * Math.sqrt(8),
      stateFloats: 60,
    });
  });

  test("weights start block by block", () => {
    const start = (blocks: number): number[] => {
      const optimizer = createOptimizer("scion", { radius: 1, blocks });
      const made = optimizer.initialize(random.key(1), { path: "qkv", shape: [12, 4], role: "hidden" });
      return (made as np.Array).js().flat() as number[];
    };
    const gram = (weights: readonly number[], from: number, to: number): number[] => {
      const rows = array(Float32Array.from(weights), [12, 4]).slice([from, to]);
      return np.matmul(np.matrixTranspose(rows.ref), rows).js().flat() as number[];
    };
    const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    const cut = start(3);
    for (const block of [0, 4, 8]) expect(distance(gram(cut, block, block + 4), identity)).toBeLessThan(1e-5); // √(4/4)
    const thrice = identity.map((x) => 3 * x);
    expect(distance(gram(start(1), 0, 12), thrice)).toBeLessThan(1e-5); // √(12/4)
  });

  const refused: [blocks: unknown, message: RegExp][] = [
    [0, /blocks must be whole, ≥ 1, or a list of heights, got 0/],
    [[], /blocks must be whole/],
    [[4, 1.5], /blocks must be whole/],
    ["3", /blocks must be whole/],
  ];
  test.each(refused)("%j is refused", (blocks, message) => {
    expect(() => createOptimizer("muon", { blocks } as Record<string, unknown>)).toThrow(OptionError);
    expect(() => createOptimizer("muon", { blocks } as Record<string, unknown>)).toThrow(message);
  });

  test("rows that do not divide are an error that names the weight", () => {
    const muon = createOptimizer("muon", { blocks: [4, 1, 2] });
    expect(() => run(muon, training("whole"))).toThrow(
      /weight "qkv" of 12 rows cannot be cut into blocks of 4, 1, 2 parts of 7: give its weights a group/,
    );
  });

  test("leak nothing", async () => {
    for (const name of ["muon", "scion", "ggnc"] as const)
      expect(await leakedBuffers(() => run(createOptimizer(name, { blocks: 3 }), training("whole")))).toBe(0);
    const scion = createOptimizer("scion", { blocks: 3 });
    const start = (path: string, shape: number[], role: "hidden" | "gain") =>
      scion.initialize(random.key(1), { path, shape, role })?.dispose();
    expect(await leakedBuffers(() => start("qkv", [12, 4], "hidden"))).toBe(0);
    expect(await leakedBuffers(() => start("gain", [12], "gain"))).toBe(0);
  });
});

test("inRowBlocks: a transform of one's own sees blocks by name", () => {
  const seen: string[] = [];
  const spy: Transform = {
    init(params) {
      seen.push(...namedLeaves(params).map(([path, { shape }]) => `${path} ${shape}`));
      return {};
    },
    update: (updates, state) => [updates, state],
  };
  inRowBlocks([2, 1], spy).init({ a: { w: np.zeros([3, 2]) }, b: np.zeros([3]) });
  expect(seen).toEqual(["a.w[0] 2,2", "a.w[1] 1,2", "b 3"]);
});
