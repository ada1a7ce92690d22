import { defaultDevice, init, jit, numpy as np, random } from "@jax-js/jax";
import { createOptimizer } from "steepest";
import { svd, symmetricEigen } from "steepest/matrix";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { singularGram } from "../src/fisher/singularGram.ts";

await init("wasm");
defaultDevice("wasm");

const shapes: readonly (readonly [number, number])[] = [
  [4, 6],
  [6, 3],
  [8, 8],
  [1, 5],
];
const normal = (seed: number, shape: readonly number[]): np.Array =>
  random.normal(random.key(seed), [...shape]);
const farthest = (a: np.Array, b: np.Array): number => np.max(np.abs(a.sub(b))).item();

describe("the bases of a gradient are its singular vectors", () => {
  test.each(shapes)("adadiag_pp steps by the polar factor first: %i × %i", (rows, columns) => {
    const optimizer = createOptimizer("adadiag_pp", { learningRate: 1, roles: { w: "hidden" } });
    const step = (g: np.Array): np.Array => {
      const w = np.zeros([rows, columns]);
      const [updates] = optimizer.update(
        { w: g },
        optimizer.init({ w: w.ref }),
        { w },
        { phase: 0, first: true },
      );
      return (updates as { w: np.Array }).w;
    };
    const compiled = jit(step);
    for (let seed = 0; seed < 8; seed++) {
      const { u, s, vt } = svd(normal(seed, [rows, columns]).astype(np.float64));
      s.dispose();
      const polar = np.matmul(u, vt).neg();
      // Every singular value comes to 1 by M̂/√V̂; those below rounding are not among these.
      expect(farthest(step(normal(seed, [rows, columns])).astype(np.float64), polar.ref)).toBeLessThan(1e-4);
      expect(farthest(compiled(normal(seed, [rows, columns])).astype(np.float64), polar)).toBeLessThan(1e-4);
    }
    compiled.dispose();
  });

  test.each(shapes)(
    "the Gram matrix keeps its eigenvectors, the null space gets ones: %i × %i",
    (rows, columns) => {
      const x = normal(3, [rows, columns]).astype(np.float64);
      const [left, right] = (["left", "right"] as const).map((side) => {
        const { vectors, values } = symmetricEigen(singularGram(x.ref, side));
        values.dispose();
        return vectors;
      });
      if (left === undefined || right === undefined) throw new Error("two sides");
      const middle = [...np.abs(np.matmul(np.matmul(np.matrixTranspose(left), x), right)).dataSync()];
      const largest = Math.max(...middle);
      // UᵀXV has one entry in each row and column that is not rounding, at most.
      expect(middle.filter((entry) => entry > 1e-9 * largest)).toHaveLength(Math.min(rows, columns));
    },
  );

  test("of low rank too: what is null has a basis of its own", () => {
    const low = np.matmul(normal(1, [5, 2]), normal(2, [2, 7])).astype(np.float64);
    for (const side of ["left", "right"] as const) {
      const plain =
        side === "left"
          ? np.matmul(low.ref, np.matrixTranspose(low.ref))
          : np.matmul(np.matrixTranspose(low.ref), low.ref);
      const { vectors, values } = symmetricEigen(singularGram(low.ref, side));
      const found = [...values.dataSync()].map(Math.abs).sort((a, b) => b - a);
      const null0 = found.slice(2);
      // Told apart by the ramp, and far below what is known.
      for (const [i, value] of null0.entries()) {
        expect(value).toBeLessThan(2e-6 * (found[0] ?? 0));
        for (const other of null0.slice(i + 1)) expect(value - other).toBeGreaterThan(1e-9 * (found[0] ?? 0));
      }
      const product = np.matmul(np.matmul(np.matrixTranspose(vectors.ref), plain), vectors);
      const entries = [...np.abs(product).dataSync()];
      expect(entries.filter((entry) => entry > 1e-9 * (found[0] ?? 0))).toHaveLength(2);
    }
    low.dispose();
  });

  test("it leaks nothing", async () => {
    for (const side of ["left", "right"] as const)
      expect(await leakedBuffers(() => singularGram(normal(4, [3, 5]), side).dataSync())).toBe(0);
  });
});
