import { expect, test } from "vitest";
import type { PlanInput } from "../src/plan/planInput.ts";
import { describeRates } from "../src/plan/rates/describeRates.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";

const plan = (input: PlanInput) => resolvePlan({ optimizer: "scion", ...input });

test("Scion has the radii of images for image models, and its first layer the norm of images", () => {
  const mlp = plan({ model: "mlp" });
  expect(mlp.optimizerOptions).toMatchObject({
    radius: 1,
    headRadius: 1024,
    learningRate: 2 ** -6,
    groups: [{ match: "layers.0.weight", norm: "spectral_max", radius: 1 }],
  });
  expect(describeRates(mlp)).toBe(
    "learningRate 0.015625 (the authors', with their radii for networks on images)",
  );
  expect(plan({ model: "cnn-small" }).optimizerOptions).toMatchObject({ radius: 8, headRadius: 128 });
  expect(plan({ model: "vit-micro" }).optimizerOptions).toMatchObject({ radius: 25, headRadius: 500 });
  const light = plan({ model: "cnn-small", optimizer: "scion_light" }).optimizerOptions;
  expect(light).toMatchObject({ radius: 8 });
  expect(light).not.toHaveProperty("momentumStart");
});

test.each(["clipped_scion", "unconstrained_clipped_scion", "cg", "scg", "s3cg"])(
  "%s has Scion's balls on images, too",
  (optimizer) => {
    const cnn = plan({ model: "cnn-small", optimizer }).optimizerOptions;
    expect(cnn).toMatchObject({ radius: 8, headRadius: 128, vectorRadius: 8, learningRate: 0.05 });
    expect(cnn).not.toHaveProperty("momentumStart");
    const groups = [{ match: "layers.0.weight", norm: "spectral_max", radius: 1 }];
    expect(plan({ model: "mlp", optimizer }).optimizerOptions).toMatchObject({ headRadius: 1024, groups });
    expect(plan({ model: "tiny", optimizer }).optimizerOptions).toMatchObject({ radius: 3, headRadius: 10 });
  },
);

test("what is given wins, a norm that is asked for has its own radii, and text keeps those for text", () => {
  const given = { radius: 2, learningRate: 0.01 };
  const own = plan({ model: "mlp", optimizerOptions: given });
  expect(own.optimizerOptions).toMatchObject({ ...given, headRadius: 1024 });
  expect(own.rateOrigins.learningRate).toBe("given");
  const max = plan({ model: "mlp", optimizerOptions: { norm: "max" } }).optimizerOptions;
  expect(max).not.toHaveProperty("groups");
  expect(max.radius).toBe(plan({ model: "tiny" }).optimizerOptions.radius);
  expect(plan({ model: "tiny" }).optimizerOptions).not.toHaveProperty("groups");
  expect(plan({ model: "mlp", optimizer: "adamw" }).optimizerOptions).not.toHaveProperty("radius");
});

test("the plan of a run means the same again", () => {
  for (const model of ["mlp", "cnn-small", "tiny"]) {
    const once = plan({ model });
    expect(resolvePlan(once)).toEqual(once);
  }
  // Written before image models had radii of their own.
  const { groups: _, ...before } = plan({ model: "mlp", optimizerOptions: { radius: 3 } }).optimizerOptions;
  expect(plan({ model: "mlp", optimizerOptions: before }).optimizerOptions).toEqual(before);
});
