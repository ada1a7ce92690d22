import { numpy as np } from "@jax-js/jax";
import { createOptimizer, describeOptimizer } from "steepest";
import type { OptionSpecs } from "steepest/define";
import { type Coefficients, coefficientSet, gramNewtonSchulz, newtonSchulz } from "steepest/matrix";
import { describe, expect, test } from "vitest";
import { entries } from "./matrixSamples.ts";
import { run } from "./support/trees.ts";

const numbers = (name: string): Coefficients[] => coefficientSet(name).schedule.map(([a, b, c]) => [a, b, c]);
const matrix = (): np.Array =>
  np.array([
    [3, 1, -1],
    [0.5, 2, 1],
  ]);

describe("coefficients that can turn an update around are taken by name only", () => {
  test("a bare list whose polynomial is negative on (0, 1] is refused with the place, by the function and by optimizers", () => {
    const list = numbers("aol4");
    for (const iterate of [newtonSchulz, gramNewtonSchulz])
      expect(() => iterate(np.ones([2, 3]), { coefficients: list })).toThrow(
        /sends the singular value 1\.00 to -0\.99\d after 4 steps.*Take a named set/,
      );
    expect(() => createOptimizer("muon", { coefficients: list })).toThrow(
      /coefficients: the list sends the singular value 1\.00/,
    );
    expect(() => newtonSchulz(np.ones([2, 3]), { coefficients: [[-1, 0, 0]] })).toThrow(/below zero/);
    // One step of it keeps signs, two do not.
    const steep: Coefficients[] = [[2.6, -1.6, 0]];
    const once = newtonSchulz(matrix(), { coefficients: steep });
    expect(entries(once).every(Number.isFinite)).toBe(true);
    expect(() => newtonSchulz(np.ones([2, 3]), { coefficients: steep, steps: 2 })).toThrow(/after 2 steps/);
    expect(() => createOptimizer("muon", { coefficients: steep, steps: 2 })).toThrow(/after 2 steps/);
  });

  test("a set of one's own that says so is taken, and one that says it does not is checked", () => {
    const own = { name: "mine", schedule: numbers("aol4"), mode: "cycle", steps: 4, safety: 1 } as const;
    expect(() => newtonSchulz(np.ones([2, 3]), { coefficients: { ...own, flipsSign: false } })).toThrow(
      /mine sends/,
    );
    const taken = newtonSchulz(matrix(), { coefficients: { ...own, flipsSign: true } });
    expect(entries(taken).every(Number.isFinite)).toBe(true);
  });

  test("aol4 needs AOL scaling before it", () => {
    for (const normalization of ["invariant", "keller", { factor: 2 }] as const)
      expect(() => newtonSchulz(np.ones([2, 3]), { coefficients: "aol4", normalization })).toThrow(
        /"aol4" are made for rows scaled by AOL.*normalization: "aol"/,
      );
    expect(
      entries(newtonSchulz(matrix(), { coefficients: "aol4", normalization: "aol" })).every(Number.isFinite),
    ).toBe(true);
    expect(() => createOptimizer("muon", { coefficients: "aol4", steps: 4 })).toThrow(/scaled by AOL/);
    const scaled = createOptimizer("muon", { coefficients: "aol4", steps: 4, normalization: "aol" });
    expect(run(scaled, { steps: 1 }).every(Number.isFinite)).toBe(true);
    for (const name of ["scion", "muown", "dion2", "f_muon", "clipped_spectral"] as const)
      expect(() => createOptimizer(name, { coefficients: "aol4" })).toThrow(
        /rows scaled by AOL.*normalization: "aol" with them, or take "keller"/,
      );
  });

  test("no optimizer offers one in its range or has one as default; cubic5 is taken by its name", () => {
    const flipping = ["aol4", "cubic5"];
    for (const name of ["muon", "muon_gram", "scion", "normuon", "dion2", "aurora"]) {
      const options: OptionSpecs = describeOptimizer(name).options;
      expect(flipping).not.toContain(options.coefficients?.default);
      for (const set of flipping) expect(options.coefficients?.range).not.toContain(set);
    }
    for (const name of ["muon", "scion"] as const)
      expect(() => createOptimizer(name, { coefficients: "cubic5" })).not.toThrow();
  });
});
