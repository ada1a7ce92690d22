import { random } from "@jax-js/jax";
import { createOptimizer, describeOptimizer, optimizerNames, type Parameter } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { distance } from "./support/trees.ts";

const parameters: readonly Parameter[] = [
  { path: "blocks.w", shape: [4, 6], role: "hidden" },
  { path: "conv", shape: [4, 2, 3, 3], role: "conv" },
  { path: "embedding", shape: [7, 4], role: "embedding" },
  { path: "head", shape: [7, 4], role: "head" },
  { path: "gain", shape: [4], role: "gain" },
];

/** Where the optimizer starts each parameter; undefined where it leaves it to the model. */
const starts = (name: string, options: Readonly<Record<string, unknown>> = {}): (number[] | undefined)[] => {
  const optimizer = createOptimizer(name, options);
  return parameters.map((parameter) => {
    const start = optimizer.initialize(random.key(3), parameter);
    return start && [...start.dataSync()];
  });
};
const atModel = parameters.map(() => undefined);

/** The option at "norm" where the published method has weights on its ball or sphere, or needs them inside. */
const onBalls = [
  "scion",
  "unconstrained_scion",
  "scion_light",
  "cg",
  "scg",
  "s3cg",
  "sso",
  "muon_sphere",
  "adam_hyperball",
  "muon_hyperball",
];
const withOption = optimizerNames().filter((name) => "initialize" in describeOptimizer(name).options);

describe("initialize", () => {
  test("is an option of every optimizer that starts weights elsewhere than the model", () => {
    for (const name of optimizerNames().filter((one) => !withOption.includes(one)))
      expect(starts(name), name).toEqual(atModel);
    expect(withOption).toEqual(expect.arrayContaining([...onBalls, "uscg", "ggnc", "clipped_scion"]));
  });
  test.each(withOption)("%s: model, norm, and the published default", (name) => {
    expect(starts(name, { initialize: "model" })).toEqual(atModel);
    const onNorm = starts(name, { initialize: "norm" });
    expect(onNorm).not.toEqual(atModel);
    expect(onNorm.at(-1), "gains are the model's").toBeUndefined();
    expect(starts(name)).toEqual(onBalls.includes(name) ? onNorm : atModel);
  });
  test("equal methods start equal", () => {
    expect(starts("uscg", { norm: "max" })).toEqual(starts("signum"));
    expect(starts("lion_k", { norm: "max" })).toEqual(starts("lion"));
    expect(starts("scg")).toEqual(starts("scion"));
    expect(starts("s3cg")).toEqual(starts("scion"));
    const { radius, embeddingRadius, headRadius } = describeOptimizer("scion").options;
    const radii = {
      radius: radius?.default,
      embeddingRadius: embeddingRadius?.default,
      headRadius: headRadius?.default,
    };
    expect(starts("uscg", { initialize: "norm", ...radii })).toEqual(starts("unconstrained_scion"));
  });
  const radii = withOption.flatMap((name) => {
    const { options } = describeOptimizer(name);
    const [option] = ["ball", "radiusScale", "radius"].filter((one) => one in options);
    return option === undefined ? [] : [[name, option] as const];
  });
  test.each(radii)("%s: twice the %s, weights twice as large", (name, option) => {
    const hidden = (radius: number) => starts(name, { initialize: "norm", [option]: radius })[0] ?? [];
    const twice = hidden(3).map((weight) => 2 * weight);
    expect(distance(hidden(6), twice)).toBeLessThan(1e-5);
    expect(Math.hypot(...twice)).toBeGreaterThan(0.1);
  });
  test("the head of the hyperballs has rows of length 1 on average, all else is the model's", () => {
    for (const name of ["adam_hyperball", "muon_hyperball"]) {
      const [hidden, conv, embedding, head = []] = starts(name);
      expect([hidden, conv, embedding]).toEqual([undefined, undefined, undefined]);
      const large = createOptimizer(name).initialize(random.key(0), {
        path: "head",
        shape: [90, 64],
        role: "head",
      });
      const values = [...(large?.dataSync() ?? [])];
      expect(Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / 90)).toBeCloseTo(1, 1);
      expect(
        distance(
          head,
          head.map(() => 0),
        ),
      ).toBeGreaterThan(0.1);
    }
  });
  test("leaks nothing", async () => {
    expect(await leakedBuffers(() => withOption.map((name) => starts(name)))).toBe(0);
  });
});
