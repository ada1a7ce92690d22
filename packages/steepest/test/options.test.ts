import { numpy as np } from "@jax-js/jax";
import {
  createOptimizer,
  describeOptimizer,
  nearestName,
  OptionError,
  optimizerNames,
  settingSynonyms,
} from "steepest";
import { describe, expect, test } from "vitest";

import { run } from "./support/trees.ts";

describe("createOptimizer", () => {
  const errors: [name: string, options: Record<string, unknown>, message: RegExp][] = [
    ["moun", {}, /no optimizer "moun" \(did you mean "muon"\?\); optimizerNames\(\).* lists all \d+/],
    ["adamw", { learningrate: 1 }, /adamw has no option "learningrate" \(did you mean "learningRate"/],
    ["adamw", { learningRate: -1 }, /learningRate must be ≥ 0, or a schedule, got -1/],
    ["adamw", { learningRate: Number.NaN }, /learningRate must be .*, got NaN/],
    [
      "adamw",
      { schedule: 0.1 },
      /adamw: schedule must be a function .* got 0\.1; a fixed rate is learningRate/,
    ],
    ["adamw", { b1: 1 }, /b1 must be \[0, 1\), got 1/],
    ["adamw", { weightDecayMode: "l1" }, /weightDecayMode must be l2 \| decoupled, got "l1"/],
    ["sgd", { nesterov: true }, /nesterov needs momentum > 0/],
    ["muon", { steps: 2.5 }, /steps must be whole, ≥ 1, got 2\.5/],
    ["muon", { coefficients: "keler" }, /coefficients must be/],
    ["muon", { coefficients: [[1, 2]] }, /coefficients must be/],
    ["clipped_spectral", { polar: "qr" }, /polar must be newtonSchulz \| gram \| .* \| svd, got "qr"/],
    ["scion", { radius: 0 }, /radius must be > 0, got 0/],
    ["adamw", { clipGlobalNorm: 0 }, /clipGlobalNorm must be > 0/],
  ];
  test.each(errors)("%s %j is refused", (name, options, message) => {
    expect(() => createOptimizer(name, options)).toThrow(OptionError);
    expect(() => createOptimizer(name, options)).toThrow(message);
  });

  test("undefined means the default", () => {
    expect(
      createOptimizer("adamw", { learningRate: undefined } as Record<string, unknown>).options,
    ).toMatchObject({
      learningRate: 1e-3,
      b2: 0.999,
    });
  });

  test("options are typed by name", () => {
    createOptimizer("muon", { momentum: 0.9, scale: "moonlight" });
    // @ts-expect-error: no such scale
    expect(() => createOptimizer("muon", { scale: "moonligth" })).toThrow(OptionError);
    // @ts-expect-error: no such option
    expect(() => createOptimizer("sgd", { b1: 0.9 })).toThrow(OptionError);
    // @ts-expect-error: no such optimizer
    expect(() => createOptimizer("moun")).toThrow(OptionError);
  });
});

describe("the catalogue", () => {
  test.each(optimizerNames())("%s has formula, source, state and documented options", (name) => {
    const page = describeOptimizer(name);
    expect(page.name).toBe(name);
    expect(page.formula).toMatch(/[WV] ←/);
    expect(page.source).toMatch(/\b(19|20)\d{2}\b|[\w-]+\/[\w-]+|draft|report/); // a year, a repository, or what else there is
    expect(page.state).not.toBe("");
    for (const [option, spec] of Object.entries(page.options)) {
      expect(spec.doc, option).not.toBe("");
      expect(spec.check(spec.default), `${option} allows its own default`).toEqual(spec.default);
    }
  });
});

describe("auxiliaryLearningRate", () => {
  const optional = optimizerNames().filter(
    (name) => describeOptimizer(name).options.auxiliaryLearningRate?.check("same") === "same",
  );
  const bias = () => ({ bias: np.array([1, -2, 3]) });

  test.each(optional)('%s: "same" is the method\'s own learning rate', (name) => {
    const step = (auxiliaryLearningRate: number | "same") =>
      run(createOptimizer(name as string, { learningRate: 0.25, auxiliaryLearningRate }), {
        steps: 1,
        start: bias,
        gradient: bias,
      });
    expect(step("same")).toEqual(step(0.25));
    expect(step("same")).not.toEqual(step(0.125));
  });
});

test("names of other libraries are known", () => {
  expect(nearestName("lr", ["learningRate", "b1"])).toBe("learningRate");
  expect(nearestName("--n_layer", ["--depth", "--heads"], settingSynonyms)).toBe("--depth");
  expect(nearestName("lr", ["clip"])).toBeUndefined();
  expect(() => createOptimizer("adamw", { lr: 0.1 } as object)).toThrow(
    'has no option "lr" (did you mean "learningRate"?)',
  );
  expect(() => createOptimizer("adamw", { betas: [0.9, 0.99] } as object)).toThrow("its options are");
});

describe("nearestName", () => {
  const names = ["muon", "mano", "mano_v2", "adamw", "unconstrained_scion"];
  const cases: [string, string | undefined][] = [
    ["moun", "muon"],
    ["Mano-V2", "mano_v2"],
    ["unconstrainedscion", "unconstrained_scion"],
    ["adam", "adamw"],
    ["xyzzy", undefined],
    ["", undefined],
  ];
  test.each(cases)("%s → %s", (name, expected) => {
    expect(nearestName(name, names)).toBe(expected);
  });
});
