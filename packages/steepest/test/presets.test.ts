import { createOptimizer, describeOptimizer, explainAssignment, type OptionSpecs } from "steepest";
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

test("a coefficient set that can flip the sign is only used when asked for by name", () => {
  const flipping = ["aol4", "cubic5"];
  for (const name of ["muon", "muon_gram", "scion", "normuon", "dion2", "aurora"]) {
    const options: OptionSpecs = describeOptimizer(name).options;
    expect(flipping).not.toContain(options.coefficients?.default);
    for (const set of flipping) expect(options.coefficients?.range).not.toContain(set);
  }
  expect(() => createOptimizer("muon", { coefficients: "cubic5" })).not.toThrow();
});
