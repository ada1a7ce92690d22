import { jit, numpy as np, random } from "@jax-js/jax";
import {
  coupledNewton,
  inverseRoot,
  orthonormalColumns,
  refreshEigenvectors,
  symmetricEigen,
} from "steepest/matrix";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

const largest = (x: np.Array): number => np.max(np.abs(x)).item();
const gaussian = (rows: number, cols: number, seed = 1): np.Array =>
  random.normal(random.key(seed), [rows, cols]);

/** Symmetric with the given eigenvalues. */
function withValues(values: readonly number[], seed = 1): np.Array {
  const size = values.length;
  const basis = orthonormalColumns(gaussian(size, size, seed));
  const scaled = basis.ref.mul(np.array(Float32Array.from(values)).reshape([1, size]));
  return np.matmul(scaled, np.matrixTranspose(basis));
}
const spread = [9, 4, 1, 0.5, 0.1, 0.03];
const gram = (q: np.Array): np.Array => np.matmul(np.matrixTranspose(q.ref), q);

describe("symmetricEigen", () => {
  test("values descend and are right, vectors are orthonormal and rebuild the matrix", () => {
    const { vectors, values } = symmetricEigen(withValues(spread));
    const found = values.ref.js() as number[];
    for (const [i, value] of spread.entries()) expect(found[i]).toBeCloseTo(value, 5);
    expect(largest(gram(vectors.ref).sub(np.eye(6)))).toBeLessThan(1e-6);
    const rebuilt = np.matmul(vectors.ref.mul(values.reshape([1, 6])), np.matrixTranspose(vectors));
    expect(largest(rebuilt.sub(withValues(spread)))).toBeLessThan(1e-5);
  });
  test("zero and tiny matrices are no trouble", () => {
    const zero = symmetricEigen(np.zeros([3, 3]));
    expect(largest(zero.values)).toBe(0);
    expect(largest(gram(zero.vectors).sub(np.eye(3)))).toBeLessThan(1e-6);
    const { vectors, values } = symmetricEigen(withValues([3e-30, 2e-30, 1e-30]));
    vectors.dispose();
    for (const [i, value] of (values.js() as number[]).entries()) expect(value / 1e-30).toBeCloseTo(3 - i, 4);
  });
});

describe.each([2, 4])("roots, p = %d", (p) => {
  const power = (root: np.Array): np.Array => {
    let all = root.ref;
    for (let i = 1; i < p; i++) all = np.matmul(all, root.ref);
    root.dispose();
    return all;
  };
  // Condition 300 in float32; the coupled iteration stagnates near 1e-6·cond.
  test.each([
    ["eigenvectors", (a: np.Array) => inverseRoot(a, p), 2e-4],
    ["coupled Newton", (a: np.Array) => coupledNewton(a, p), 2e-3],
  ] as const)("%s: (a^(−1/p))ᵖ a = 1", (_, root, tolerance) => {
    const one = np.matmul(power(root(withValues(spread))), withValues(spread));
    expect(largest(one.sub(np.eye(6)))).toBeLessThan(tolerance);
  });
  test("coupled Newton in a batch and compiled is that of each matrix", () => {
    const batch = () => np.stack([withValues(spread), withValues([1, 1, 1, 2, 2, 2], 2)]);
    const compiled = jit((a: np.Array): np.Array => coupledNewton(a, p));
    const both = compiled(batch());
    expect(largest(both.ref.slice(0).sub(coupledNewton(withValues(spread), p)))).toBeLessThan(2e-4);
    expect(largest(both.slice(1).sub(coupledNewton(withValues([1, 1, 1, 2, 2, 2], 2), p)))).toBeLessThan(
      1e-5,
    );
  });
});

test("roots of singular matrices: a pseudo-inverse, or finite with a ridge", () => {
  const singular = () => withValues([4, 1, 0, 0]);
  const root = inverseRoot(singular(), 2, { eps: 1e-3 });
  const values = symmetricEigen(root);
  values.vectors.dispose();
  expect((values.values.js() as number[])[0]).toBeCloseTo(1 / Math.sqrt(1e-3), 1);
  expect(largest(inverseRoot(np.zeros([3, 3]), 4))).toBe(0);
  expect(Number.isFinite(largest(coupledNewton(np.zeros([3, 3]), 4)))).toBe(true);
  expect(Number.isFinite(largest(coupledNewton(singular(), 4, { eps: 1e-3 })))).toBe(true);
});

describe("orthonormalColumns", () => {
  test.each([
    [8, 8],
    [9, 4],
    [5, 1],
  ])("%d × %d: orthonormal, and the first k span the first k", (rows, cols) => {
    const x = () => gaussian(rows, cols, 3);
    expect(largest(gram(orthonormalColumns(x())).sub(np.eye(cols)))).toBeLessThan(1e-6);
    // R = Qᵀx is upper triangular.
    const r = np.matmul(np.matrixTranspose(orthonormalColumns(x())), x());
    expect(largest(np.tril(r, -1))).toBeLessThan(1e-5);
  });
  test("columns of very different lengths and nearly parallel ones", () => {
    const base = gaussian(6, 1, 4);
    const x = np.concatenate(
      [base.ref.mul(1e20), base.add(gaussian(6, 1, 5).mul(1e-3)).mul(1e-15), gaussian(6, 1, 6)],
      1,
    );
    expect(largest(gram(orthonormalColumns(x)).sub(np.eye(3)))).toBeLessThan(1e-5);
  });
  test("what is wide has no such columns", () => {
    expect(() => orthonormalColumns(gaussian(3, 5))).toThrow(/5 columns of length 3/);
  });
});

describe("refreshEigenvectors", () => {
  test("converges to the eigenvectors, sorted, and stays orthonormal", () => {
    claim("soap", "The power-iteration refresh converges to the eigenvectors and stays orthonormal");
    const s = () => withValues([16, 8, 4, 2, 1]);
    let basis = orthonormalColumns(gaussian(5, 5, 7));
    for (let i = 0; i < 40; i++) {
      const refreshed = refreshEigenvectors(s(), basis);
      refreshed.order.dispose();
      basis = refreshed.basis;
      expect(largest(gram(basis.ref).sub(np.eye(5)))).toBeLessThan(1e-6);
    }
    const diagonal = np.matmul(np.matmul(np.matrixTranspose(basis.ref), s()), basis);
    expect(largest(diagonal.sub(np.diag(np.array(Float32Array.of(16, 8, 4, 2, 1)))))).toBeLessThan(1e-4);
  });
  test("says where columns come from, and leaves a zero matrix's basis alone", () => {
    const { basis, order } = refreshEigenvectors(np.diag(np.array(Float32Array.of(1, 3, 2))), np.eye(3));
    expect(order.js()).toEqual([1, 2, 0]);
    expect(Math.abs((basis.js() as number[][])[1]?.[0] ?? 0)).toBeCloseTo(1, 6);
    const still = refreshEigenvectors(np.zeros([2, 2]), np.eye(2));
    still.order.dispose();
    expect(largest(still.basis.sub(np.eye(2)))).toBeLessThan(1e-6);
  });
});

test("leaks nothing", async () => {
  const work = (): void => {
    inverseRoot(withValues(spread), 4).js();
    coupledNewton(withValues(spread), 4, { steps: 5 }).js();
    const { basis, order } = refreshEigenvectors(withValues(spread), orthonormalColumns(gaussian(6, 6)));
    basis.js();
    order.js();
  };
  expect(await leakedBuffers(work)).toBe(0);
});
