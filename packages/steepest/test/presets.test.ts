import { random } from "@jax-js/jax";
import {
  clippedScionPreset,
  clippedScionPresets,
  createOptimizer,
  explainAssignment,
  imageScionPreset,
  type Parameter,
  refTree,
  scionPreset,
  scionPresets,
} from "steepest";
import { singularValues } from "steepest/matrix";
import { describe, expect, test } from "vitest";
import { disposeTree } from "../src/core/tree.ts";
import type { ClippedScionPresetName } from "../src/optimizers/scion/clippedScionPresets.ts";
import type { ScionPresetName } from "../src/optimizers/scion/scionPresets.ts";
import { run, weights } from "./support/trees.ts";

const names = Object.keys(scionPresets) as ScionPresetName[];

// The definitions, sections 3.4 and 2.8: rate, α (momentum is 1 − α), radii of hidden weights, first layer, head, vectors.
const table: Record<ScionPresetName, [rate: number, alpha: number, hidden: number, head: number]> = {
  nanoGpt: [3.6e-4, 0.1, 50, 3000],
  shallowGpt: [2 ** -8, 0.1, 3, 10], // the rate was swept; ours is the middle
  mlp: [2 ** -6, 0.1, 1, 2 ** 10],
  airbench: [0.05, 0.6, 8, 128],
  airbenchSpeedrun: [0.04, 0.65, 16, 128],
  vit: [(8e-5 * 4096) / 512, 0.1, 25, 500],
};

test("rates, momentum and radii are those of the definitions", () => {
  expect(Object.keys(table).toSorted()).toEqual(names.toSorted());
  for (const name of names) {
    const { learningRate, momentum, radius, headRadius } = scionPresets[name].options;
    const [rate, alpha, hidden, head] = table[name];
    expect(learningRate, name).toBeCloseTo(rate, 12);
    expect(momentum, name).toBeCloseTo(1 - alpha, 12);
    expect([radius, headRadius], name).toEqual([hidden, head]);
  }
  expect(scionPresets.shallowGpt.options.embeddingRadius).toBe(1);
  expect(scionPresets.mlp.firstLayer).toEqual({ norm: "spectral_max", radius: 1 });
  expect(scionPresets.airbench.options).toMatchObject({
    vectorRadius: 8,
    polar: "lakic",
    steps: 9,
    momentumStart: "gradient",
  });
  expect(scionPresets.airbenchSpeedrun.firstLayer).toEqual({ norm: "spectral_conv", radius: 8 });
  expect(scionPresets.airbenchSpeedrun.options.vectorRadius).toBe(4);
  expect(scionPresets.vit.options.vectorRadius).toBe(25);
});

test("the clipped presets: rate, α, threshold and radii", () => {
  const clipped: Record<ClippedScionPresetName, number[]> = {
    nanoGpt: [3.6e-4, 0.1, 600, 50, 3000],
    airbench: [0.05, 0.6, 1600, 8, 128],
    vit: [2.4e-4, 0.1, 8000, 25, 500],
  };
  for (const [name, [rate = 0, alpha = 0, ...rest]] of Object.entries(clipped)) {
    const { options } = clippedScionPresets[name as ClippedScionPresetName];
    expect(options.learningRate).toBe(rate);
    expect(options.momentum).toBeCloseTo(1 - alpha, 12);
    expect([options.rho, options.radius, options.headRadius]).toEqual(rest);
  }
  expect(() => clippedScionPreset("nanoGpt", { tokens: ["x"] })).toThrow(/"nanoGpt" has no rule for tokens/);
});

describe.each(names)("scion preset %s", (name) => {
  test("makes an optimizer whose radii are the preset's, constrained or not", () => {
    for (const method of ["scion", "unconstrained_scion"] as const) {
      const params = weights();
      const rows = explainAssignment(createOptimizer(method, scionPreset(name)), params, { print: false });
      disposeTree(params);
      const scale = (path: string): number | undefined => rows.find((row) => row.path === path)?.scale;
      expect(scale("blocks.0.wide")).toBe(scionPresets[name].options.radius);
      expect(scale("head")).toBe(scionPresets[name].options.headRadius);
    }
  });

  test("trains a step", () => {
    expect(run(createOptimizer("scion", scionPreset(name)), { steps: 1 }).every(Number.isFinite)).toBe(true);
  });
});

test("a first layer of one's own gets the input norm", () => {
  const params = weights();
  const optimizer = createOptimizer("scion", scionPreset("mlp", { firstLayer: "blocks.0.tall" }));
  const rows = explainAssignment(optimizer, params, { print: false });
  disposeTree(params);
  expect(rows.find(({ path }) => path === "blocks.0.tall")?.method).toBe("spectral_max");
  expect(rows.find(({ path }) => path === "blocks.0.wide")?.method).toBe("spectral");
  expect(() => scionPreset("nanoGpt", { firstLayer: "blocks.0.tall" })).toThrow(/no rule for firstLayer/);
});

test("under the spectral condition embedding and head move by √dOut and √(dOut/dIn) in the spectral norm", () => {
  const spectralCondition = { embedding: "embedding", head: "head" };
  const optimizer = createOptimizer("unconstrained_scion", {
    ...scionPreset("shallowGpt", { spectralCondition }),
    learningRate: 1,
    momentum: 0,
    polar: "svd",
  });
  const params = {
    embedding: random.normal(random.key(1), [9, 4]),
    head: random.normal(random.key(2), [9, 4]),
  };
  const rows = explainAssignment(optimizer, refTree(params), { print: false });
  expect(rows.map(({ path, method }) => [path, method])).toEqual([
    ["embedding", "spectral_2rms"],
    ["head", "spectral"],
  ]);
  const gradients = {
    embedding: random.normal(random.key(3), [9, 4]),
    head: random.normal(random.key(4), [9, 4]),
  };
  const [updates, state] = optimizer.update(gradients, optimizer.init(refTree(params)), params);
  disposeTree(state);
  const { embedding, head } = updates as typeof params;
  // Stored [vocab, width]: dOut of the embedding is 4, radius 1; the head is [9, 4], radius 3 as hidden weights.
  for (const sigma of singularValues(embedding).js() as number[]) expect(sigma).toBeCloseTo(Math.sqrt(4), 5);
  for (const sigma of singularValues(head).js() as number[])
    expect(sigma).toBeCloseTo(3 * Math.sqrt(9 / 4), 5);
});

test("networks on images get the preset of what they are made of", () => {
  const head: Parameter = { path: "head", shape: [3, 5], role: "head" };
  const layers: Parameter[] = [
    { path: "layers.0.weight", shape: [6, 128], role: "hidden" },
    { path: "layers.1.weight", shape: [5, 6], role: "hidden" },
  ];
  const conv: Parameter = { path: "patches.weight", shape: [6, 2, 4, 4], role: "conv" };
  const positions: Parameter = { path: "positions", shape: [4, 6], role: "embedding" };
  expect(imageScionPreset([...layers, head])).toEqual(scionPreset("mlp", { firstLayer: "layers.0.weight" }));
  expect(imageScionPreset([head])).toEqual(scionPreset("mlp"));
  expect(imageScionPreset([conv, head])).toEqual(scionPreset("airbench"));
  expect(imageScionPreset([conv, positions, ...layers, head])).toEqual(
    scionPreset("vit", { tokens: ["positions"] }),
  );
});
