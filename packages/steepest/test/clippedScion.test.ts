import type { numpy as np } from "@jax-js/jax";
import { createOptimizer, disposeTree, namedLeaves, type Tree } from "steepest";
import { createNorm, type Norm } from "steepest/norms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";

import { dot } from "./support/float64.ts";
import { distance, flatten, gradients, type Path, paths, weights } from "./support/trees.ts";

// Pethick et al. 2025, arXiv:2506.01913, Algorithms 3 and 4, in the parametrisation of their code: one factor for all
// layers, from S over all of them, here with the norms of the roles taken one by one.

const radii = { radius: 2, embeddingRadius: 0.5, headRadius: 3, vectorRadius: 0.7 };
const spectral = createNorm("spectral", { polar: "svd" });
const vectors = createNorm("bias_rms");
const layers: Readonly<Record<Path, { norm: Norm; radius: number }>> = {
  "blocks.0.wide": { norm: spectral, radius: 2 },
  "blocks.0.tall": { norm: spectral, radius: 2 },
  embedding: { norm: createNorm("colnorm", { transpose: true }), radius: 0.5 },
  head: { norm: createNorm("sign_normalized"), radius: 3 },
  "norm.gain": { norm: vectors, radius: 0.7 },
  bias: { norm: vectors, radius: 0.7 },
};

/** One number or one list a layer, in the order of the tree. */
const perLayer = <T>(tree: Tree, fn: (leaf: np.Array, layer: { norm: Norm; radius: number }) => T): T[] => {
  const leaves = new Map(namedLeaves(tree));
  return paths.map((path) => {
    const leaf = leaves.get(path);
    if (leaf === undefined) throw new Error(`no leaf "${path}"`);
    return fn(leaf, layers[path]);
  });
};

/** First update for weights that are `size` times those of the tests. */
function step(
  name: "clipped_scion" | "unconstrained_clipped_scion",
  options: object,
  size: number,
): number[] {
  const optimizer = createOptimizer(name, { ...radii, polar: "svd", ...options });
  const [updates, next] = optimizer.update(gradients(0), optimizer.init(weights()), scaledWeights(size));
  disposeTree(next);
  return flatten(updates);
}
const scaledWeights = (size: number): Tree =>
  Object.fromEntries(namedLeaves(weights()).map(([path, leaf]) => [path, leaf.mul(size)])) as Tree;

const rate = 0.01;

describe("unconstrained_clipped_scion", () => {
  test.each([0, 0.9])("momentum %f: η min{1, S/rho}·r·lmo(d), S = Σ r‖d‖_*", (momentum) => {
    claim(
      "unconstrained_clipped_scion",
      "One step is η min{1, S/rho}·r·lmo(d) with S = Σ r‖d‖_*, on both sides of rho",
    );
    const share = 1 - momentum; // d = (1−μ)g at the first step
    const s = perLayer(gradients(0), (g, { norm, radius }) => share * radius * norm.dual(g).item()).reduce(
      (a, b) => a + b,
    );
    const oracle = perLayer(gradients(0), (g, { norm, radius }) => [
      ...norm.lmo(g).mul(radius).dataSync(),
    ]).flat();
    for (const rho of [0.25 * s, 0.999 * s, 1.001 * s, 4 * s]) {
      const expected = oracle.map((x) => rate * Math.min(1, s / rho) * x);
      const found = step("unconstrained_clipped_scion", { learningRate: rate, momentum, rho }, 1);
      expect(distance(found, expected)).toBeLessThan(1e-6);
    }
  });
});

describe("clipped_scion", () => {
  const size = 0.1; // weights inside their balls
  const start = (): Tree => scaledWeights(size);
  /** V = W − r·lmo(d) of every layer, flat and its norm over the radius; S = Σ⟨d, V⟩. */
  function away(share: number): { v: number[]; s: number; norm: number } {
    const grads = perLayer(gradients(0), (g) => g);
    const starts = perLayer(start(), (w) => w);
    const parts = grads.map((g, i) => {
      const layer = layers[paths[i] ?? "bias"];
      const w = starts[i];
      if (w === undefined) throw new Error("no weight");
      const v = w.sub(layer.norm.lmo(g.ref).mul(layer.radius));
      const norm = layer.norm.value(v.ref).item() / layer.radius;
      const flat = [...v.dataSync()];
      return { flat, norm, s: share * dot([...g.dataSync()], flat) };
    });
    return {
      v: parts.flatMap(({ flat }) => flat),
      s: parts.reduce((sum, part) => sum + part.s, 0),
      norm: Math.max(...parts.map((part) => part.norm)),
    };
  }

  test.each([0, 0.9])("momentum %f: W − η min{1, S/rho} V", (momentum) => {
    claim("clipped_scion", "One step is W − η min{1, S/rho} V, on both sides of rho");
    const { v, s } = away(1 - momentum);
    expect(s).toBeGreaterThan(0);
    for (const rho of [0.25 * s, 0.999 * s, 1.001 * s, 4 * s]) {
      const expected = v.map((x) => -rate * Math.min(1, s / rho) * x);
      const found = step("clipped_scion", { learningRate: rate, momentum, rho }, size);
      expect(distance(found, expected)).toBeLessThan(1e-6);
    }
  });

  test("by the primal norm: W − η min{1, 4S/(rho·max‖V/r‖²)} V", () => {
    claim("clipped_scion", "by the primal norm: W − η min{1, 4S/(rho·max‖V/r‖²)} V");
    const { v, s, norm } = away(1);
    expect(norm).toBeLessThan(2);
    const threshold = (4 * s) / norm ** 2; // above S, since ‖V‖ ≤ 2
    for (const rho of [0.25 * s, s, 0.999 * threshold, 1.001 * threshold, 4 * threshold]) {
      const expected = v.map((x) => -rate * Math.min(1, threshold / rho) * x);
      const options = { learningRate: rate, momentum: 0, rho, variant: "primalNorm" };
      expect(distance(step("clipped_scion", options, size), expected)).toBeLessThan(1e-6);
    }
  });
});
