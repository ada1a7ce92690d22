import { random } from "@jax-js/jax";
import { createOptimizer, explainAssignment, refTree, singularValues } from "steepest";
import { describe, expect, test } from "vitest";
import { type ScionPresetName, scionPreset, scionPresets } from "../src/presets/scionPresets.ts";
import { disposeTree } from "../src/tree.ts";
import { run, weights } from "./support/trees.ts";

const names = Object.keys(scionPresets) as ScionPresetName[];

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
