import { type numpy as np, random } from "@jax-js/jax";
import { optimizerNames } from "steepest";
import { newtonSchulz, singularValues } from "steepest/matrix";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { compiledNames } from "../src/explorables/compiledNames.ts";
import {
  mostSteps,
  pathOf,
  polynomials,
  SIZE,
  spectrumOf,
  updateSpectrum,
} from "../src/explorables/spectra/spectraModel.ts";

const sorted = (values: np.Array): number[] => Array.from(values.dataSync(), Number).sort((a, b) => b - a);

describe("values on their way", () => {
  test("are what the library's iteration makes of a matrix", () => {
    const matrix = random.normal(random.key(0), [6, 6]);
    const before = sorted(singularValues(matrix.ref));
    const length = Math.hypot(...before);
    const schedule = polynomials("polarExpress", [1, 0, 0], 4);
    const after = sorted(singularValues(newtonSchulz(matrix, { coefficients: "polarExpress", steps: 4 })));
    const drawn = before.map((sigma) => pathOf(schedule, sigma / length / 1.01).at(-1) ?? 0);
    expect(Math.max(...drawn)).toBeCloseTo(after[0] ?? 0, 2);
    expect(Math.min(...drawn)).toBeCloseTo(after.at(-1) ?? 0, 2);
  });

  test("own coefficients are one polynomial again and again, and a set has no more steps than it is made for", () => {
    expect(polynomials("own", [2, -1.5, 0.5], 2)).toEqual([
      [2, -1.5, 0.5],
      [2, -1.5, 0.5],
    ]);
    expect(pathOf(polynomials("own", [1, 0, 0], 3), 0.3)).toEqual([0.3, 0.3, 0.3, 0.3]);
    expect(polynomials("aol4", [1, 0, 0], 10)).toHaveLength(mostSteps("aol4"));
  });

  test("a spectrum has Frobenius norm 1 and falls as it is told", () => {
    const spectrum = spectrumOf(1.5);
    expect(spectrum).toHaveLength(SIZE);
    expect(Math.hypot(...spectrum)).toBeCloseTo(1, 12);
    expect((spectrum[0] ?? 0) / (spectrum[3] ?? 0)).toBeCloseTo(8, 10);
  });
});

describe("what an optimizer makes of a spectrum", () => {
  test("sgd keeps it, muon flattens it, neon takes one direction", () => {
    const spectrum = spectrumOf(1);
    const kept = updateSpectrum("sgd", spectrum);
    for (const [i, value] of kept.entries()) expect(value).toBeCloseTo(1 / (i + 1), 3);
    expect(Math.min(...updateSpectrum("muon", spectrum))).toBeGreaterThan(0.5);
    const [first = 0, second = 1] = updateSpectrum("neon", spectrum);
    expect(second).toBeLessThan(0.05 * first);
  });

  test("is offered for all methods but those that look at more than gradients", () => {
    expect(optimizerNames().filter((name) => !compiledNames().includes(name))).toEqual([
      "kfac",
      "ngd",
      "sophia_g",
    ]);
    for (const name of ["adamw", "soap", "mano"]) expect(updateSpectrum(name, spectrumOf(1))[0]).toBe(1);
    expect(() => updateSpectrum("kfac", spectrumOf(1))).toThrow("kfac");
  });

  test("nothing leaks", async () => {
    expect(await leakedBuffers(() => updateSpectrum("muon", spectrumOf(1)))).toBe(0);
  });
});
