import { grad, lax, numpy as np } from "@jax-js/jax";
import { describe, expect, test, vi } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";
import { compile } from "../src/compile.ts";
import { type Fn, sameAsJax, values } from "./support/sameAsJax.ts";

const found = vi.hoisted(() => ({ use: true }));
vi.mock("../src/run/lapack/lapack.ts", async (original) => {
  const real = await original<typeof import("../src/run/lapack/lapack.ts")>();
  return { lapack: () => (found.use ? real.lapack() : undefined) };
});
const { lapack } = await import("../src/run/lapack/lapack.ts");

/** Symmetric and positive definite, condition number near 10. */
const definite = (batch: number[], n: number): np.Array => {
  const a = values([...batch, n, n]);
  return np.matmul(a.ref, np.matrixTranspose(a)).div(n).add(np.eye(n));
};
const upper = (n: number): np.Array => np.triu(values([n, n])).add(np.eye(n).mul(3));

const cases: [name: string, fn: Fn, make: () => np.Array[]][] = [
  ["cholesky", (a: np.Array) => lax.linalg.cholesky(a), () => [definite([], 6)]],
  [
    "cholesky, batched, amid a graph",
    (a: np.Array) => np.exp(lax.linalg.cholesky(a.mul(2))).add(1),
    () => [definite([3], 4)],
  ],
  ["lu", (a: np.Array) => lax.linalg.lu(a), () => [values([2, 5, 3])]],
  [
    "triangular solve",
    (a: np.Array, b: np.Array) => lax.linalg.triangularSolve(a, b, { leftSide: true }),
    () => [upper(5), values([5, 3])],
  ],
  [
    "triangular solve from the right",
    (a: np.Array, b: np.Array) => lax.linalg.triangularSolve(a, b, { lower: true, unitDiagonal: true }),
    () => [np.transpose(upper(5)).div(9), values([3, 5])],
  ],
  ["solve", np.linalg.solve, () => [definite([], 5), values([5, 2])]],
  ["det", np.linalg.det, () => [definite([2], 4)]],
  [
    "gradient of cholesky",
    grad((a: np.Array) => np.sum(np.sin(lax.linalg.cholesky(a)))) as Fn,
    () => [definite([], 4)],
  ],
  ["float64", (a: np.Array) => lax.linalg.cholesky(a), () => [definite([], 4).astype(np.float64)]],
];

for (const use of [true, false])
  describe(`matrix routines on ${use ? "LAPACK" : "jax-js"}`, () => {
    const runs = !use || lapack() !== undefined;
    skipUnless(runs, "matrix routines on LAPACK", "apt-get install libopenblas0-pthread");
    for (const [name, fn, make] of cases)
      test(name, async () => {
        found.use = use;
        await sameAsJax(fn, make());
      });

    test("eigendecomposition: eigenvalues agree, and V diag(w) Vᵀ is A", async () => {
      found.use = use;
      const a = definite([2], 7);
      const eigh = compile(lax.linalg.eigh);
      const [v, w] = await eigh(a.ref);
      eigh.dispose();
      const [unused, expected] = lax.linalg.eigh(a.ref);
      unused.dispose();
      // signs of eigenvectors are free, so the product is compared; 7 terms of float32
      const rebuilt = np.matmul(v.ref.mul(w.ref.reshape([2, 1, 7])), np.matrixTranspose(v));
      expect(np.allclose(rebuilt, a, { rtol: 1e-5, atol: 1e-5 })).toBe(true);
      expect(np.allclose(w, expected, { rtol: 1e-5, atol: 1e-5 })).toBe(true);
    });

    test("a matrix that is not positive definite gives NaN", async () => {
      found.use = use;
      const cholesky = compile(lax.linalg.cholesky);
      const l = await cholesky(
        np.array([
          [1, 2],
          [2, 1],
        ]),
      );
      cholesky.dispose();
      expect(Number.isNaN(l.slice(1, 1).item())).toBe(true);
    });
  });

test("explain names the cut and its equation", () => {
  const a = definite([], 4);
  const compiled = compile((x: np.Array) => lax.linalg.cholesky(x.mul(2)).add(1));
  expect(compiled.explain(a)).toMatch(
    /3 stage[\s\S]*cut at equation \d+: .*cholesky[\s\S]*GFLOP, [\d.e-]+ MB across the cut, on /,
  );
  compiled.dispose();
  a.dispose();
});
