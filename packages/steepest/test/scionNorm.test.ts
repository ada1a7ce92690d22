import { jit, numpy as np } from "@jax-js/jax";
import { applyUpdates, createOptimizer, refTree, scionNorm, scionPreset, type Tree } from "steepest";
import { boundUsed, dualFromStep, estimatorDual, gradientEstimate } from "steepest/monitors";
import { createNorm } from "steepest/norms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { disposeTree } from "../src/core/tree.ts";
import { array, gradients, wave, weights } from "./support/trees.ts";

const options = { radius: 3, embeddingRadius: 2, headRadius: 10, vectorRadius: 0.5, polar: "svd" } as const;

describe("scionNorm", () => {
  test("a step of unconstrained_scion is γ long in it, and pairs to the dual norm", () => {
    const optimizer = createOptimizer("unconstrained_scion", {
      ...options,
      learningRate: 0.1,
      momentum: 0.5,
    });
    const params = weights();
    const norm = scionNorm(options)(params);
    const [step, state] = optimizer.update(gradients(1), optimizer.init(refTree(params)), params);
    expect(norm.value(refTree(step)).item()).toBeCloseTo(0.1, 5);
    const estimate = gradientEstimate(optimizer, state, gradients(1));
    const dual = estimatorDual(norm, refTree(estimate)).item();
    expect(dualFromStep(estimate, step, 0.1).item() / dual).toBeCloseTo(1, 5);
  });

  test("scion keeps its weights at or below 1 in it, from its own start", () => {
    const optimizer = createOptimizer("scion", { ...options, learningRate: 0.2, momentum: 0 });
    let params: Tree = weights();
    const norm = scionNorm(options)(params);
    params = norm.lmo(params);
    let state = optimizer.init(refTree(params));
    for (let k = 0; k < 4; k++) {
      const [updates, next] = optimizer.update(gradients(k), state, refTree(params));
      [params, state] = [applyUpdates(params, updates), next];
      const used = boundUsed(norm, refTree(params), { constrained: true, start: 1, radius: 1 }).item();
      expect(used).toBeLessThanOrEqual(1 + 1e-5);
      expect(used).toBeGreaterThan(0.5);
    }
    disposeTree([params, state]);
  });

  test("groups have their own radius and norm, as createOptimizer gives them", () => {
    const preset = scionPreset("mlp", { firstLayer: "blocks.0.wide" });
    const grouped = { ...preset, polar: "svd", learningRate: 0.1, momentum: 0 } as const;
    const optimizer = createOptimizer("unconstrained_scion", grouped);
    const params = weights();
    const norm = scionNorm(grouped)(params);
    const [step, state] = optimizer.update(gradients(1), optimizer.init(refTree(params)), params);
    disposeTree(state);
    const { blocks, ...rest } = step as { blocks: [{ wide: np.Array; tall: np.Array }] };
    const others = JSON.stringify(Object.keys(rest).toSorted());
    expect(others).toBe('["bias","embedding","head","norm"]');
    // [4, 6]: √(dOut/dIn) < 1, so that spectral_max is 1 where spectral is 0.816.
    const wide = createNorm("operator").value(blocks[0].wide.ref).item();
    expect(wide).toBeCloseTo(0.1, 5);
    expect(norm.value({ blocks, ...rest } as Tree).item()).toBeCloseTo(0.1, 5);
  });

  test.each([
    ["operator", [5, 3]],
    ["spectral", [5, 3]],
    ["spectral_max", [3, 5]],
    ["spectral_2rms", [5, 3]],
    ["spectral_conv", [4, 2, 3, 3]],
    ["operator", [4, 2, 3, 3]],
    ["auto", [4, 2, 3, 3]],
    ["auto", [4]],
    ["sign", [5, 3]],
  ] as const)("%s %j: σ₁ by Lanczos is the value by SVD", (norm, shape) => {
    const size = shape.reduce((product: number, side) => product * side, 1);
    const params = { w: array(wave(size, 3), shape) };
    for (const transposed of norm === "spectral" || norm === "spectral_2rms" ? [false, true] : [false]) {
      const given = { norm, transposed, radius: 2 } as const;
      const [cheap, exact] = [scionNorm(given)(params), scionNorm(given, { value: "svd" })(params)];
      const expected = exact.value(refTree(params)).item();
      expect(cheap.value(refTree(params)).item() / expected).toBeCloseTo(1, 5);
    }
    const zero = scionNorm({ norm })({ w: np.zeros([...shape]) });
    expect(zero.value({ w: np.zeros([...shape]) }).item()).toBeCloseTo(0, 10);
    disposeTree(params);
  });

  test("compiled it is the same; leaks nothing; refuses what scion refuses", async () => {
    const params = weights();
    const norm = scionNorm()(params);
    const value = jit((x: Tree) => norm.value(x));
    expect(value(refTree(params)).item()).toBeCloseTo(norm.value(params).item(), 5);
    value.dispose();
    expect(await leakedBuffers(() => norm.value(weights()).item())).toBe(0);
    expect(() => scionNorm({ radius: -1 })).toThrow(/scion: radius must be > 0, got -1/);
  });
});
