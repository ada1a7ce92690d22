import { jit, numpy as np } from "@jax-js/jax";
import { chain, createOptimizer, type Transform } from "steepest";
import { oblique, sphere } from "steepest/manifolds";
import { createNorm } from "steepest/norms";
import { layerNorms } from "steepest/steps";
import { scale, trace } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  descentBound,
  effectiveRank,
  gradientNoise,
  largestSingularValue,
  obliqueDistance,
  rootMeanSquare,
  rowGeometry,
  spectrumOf,
  sphereDistance,
  stableRank,
  stiefelDistance,
  stiefelOverlap,
  symmetricEigenvalues,
  updateCost,
} from "../src/monitors/index.ts";
import { limitRange } from "../src/transforms/limitRange.ts";
import { array as ofFloats, wave } from "./support/trees.ts";

const array = (values: ArrayLike<number>, shape: readonly number[]): np.Array =>
  ofFloats(Float32Array.from(values), shape);

/** [n, n], rotations by the given angles in planes of neighbouring coordinates. */
function rotation(...angles: number[]): number[] {
  const n = 2 * angles.length;
  const entries = Array<number>(n * n).fill(0);
  for (const [i, angle] of angles.entries()) {
    const at = 2 * i * (n + 1);
    entries[at] = Math.cos(angle);
    entries[at + n + 1] = Math.cos(angle);
    entries[at + 1] = -Math.sin(angle);
    entries[at + n] = Math.sin(angle);
  }
  return entries;
}

/** I − 2vvᵀ/‖v‖², orthogonal and symmetric. */
function mirror(n: number, seed: number): number[][] {
  const v = [...wave(n, seed)];
  const square = v.reduce((sum, x) => sum + x * x, 0);
  return v.map((x, i) => v.map((y, j) => (i === j ? 1 : 0) - (2 * x * y) / square));
}

/** U diag(values) Vᵀ [rows, cols] with U and V mirrors. */
function withSpectrum(values: readonly number[], rows: number, cols: number): number[] {
  const [u, v] = [mirror(rows, 3), mirror(cols, 8)];
  const entry = (i: number, j: number): number =>
    values.reduce((sum, s, k) => sum + s * (u[i]?.[k] ?? 0) * (v[j]?.[k] ?? 0), 0);
  return Array.from({ length: rows * cols }, (_, at) => entry(Math.floor(at / cols), at % cols));
}

const stiefelOf = (a: np.Array, b: np.Array): number => stiefelDistance(stiefelOverlap(a, b).dataSync());

describe("gradientNoise", () => {
  test("by hand: parts 1 ± e of every entry", () => {
    const part = (value: number) => ({ a: np.full([2, 3], value), b: np.full([4], value) });
    const { squaredNorm, variance } = gradientNoise([part(1.5), part(0.5)]);
    expect(squaredNorm.item()).toBeCloseTo(10, 5); // ten entries of 1
    expect(variance.item()).toBeCloseTo(10 * 0.25, 5); // (0.5² + 0.5²)/(2·1) each
  });

  test("equal parts have none; of noise alone the ratio is about 1", () => {
    const same = gradientNoise([array(wave(6, 1), [2, 3]), array(wave(6, 1), [2, 3])]);
    expect(same.variance.item()).toBe(0);
    expect(same.squaredNorm.item()).toBeGreaterThan(0);
    // 4 parts of 4000 uniform numbers in (−1, 1): V = 4000/(3·4), and ‖ḡ‖² has the same mean
    const draw = (seed: number): number[] =>
      Array.from({ length: 4000 }, (_, i) => {
        const x = 43758.5453 * Math.sin(12.9898 * (i + 1) + 78.233 * seed);
        return 2 * (x - Math.floor(x)) - 1;
      });
    const noise = gradientNoise([1, 2, 3, 4].map((seed) => array(draw(seed), [4000])));
    const [signal, variance] = [noise.squaredNorm.item(), noise.variance.item()];
    expect(variance).toBeGreaterThan((4000 / 12) * 0.95);
    expect(variance).toBeLessThan((4000 / 12) * 1.05);
    expect(signal / variance).toBeGreaterThan(0.9);
    expect(signal / variance).toBeLessThan(1.1);
  });

  test("one part says nothing", () => {
    expect(() => gradientNoise([np.zeros([2])])).toThrow(/at least two parts, got 1/);
  });
});

test("descentBound is exact for a quadratic of one curvature in the Euclidean norm", () => {
  const x = { w: array(wave(6, 2), [2, 3]) };
  const norm = layerNorms(() => ({ norm: createNorm("frobenius"), radius: 1 }))(x);
  const step = { w: array(wave(6, 5), [2, 3]) };
  const f = (w: np.Array): number => np.sum(np.square(w)).mul(1.5).item(); // L = 3
  const fall = f(x.w.ref) - f(x.w.ref.add(step.w.ref));
  const { linear, bound } = descentBound(norm, { w: x.w.mul(3) }, step, 3);
  const promised = bound.item();
  expect(promised).toBeCloseTo(fall, 5);
  expect(linear.item()).toBeGreaterThan(promised);
});

describe("rowGeometry", () => {
  test("orthogonal rows have coherence 1, equal ones √m, and the product bounds ‖W‖₂", () => {
    const stretched = rowGeometry([1, 0, 0, 0, 2, 0, 0, 0, 3], [3, 3]);
    expect(stretched.magnitude).toBeCloseTo(3, 12);
    expect(stretched.coherence).toBeCloseTo(1, 12);
    expect(rowGeometry(Array<number>(36).fill(-2), [9, 4]).coherence).toBeCloseTo(3, 12);
    const w = wave(12, 3);
    const { magnitude, coherence } = rowGeometry(w, [3, 4]);
    expect(magnitude * coherence).toBeGreaterThanOrEqual((spectrumOf(w, [3, 4])[0] ?? 0) * (1 - 1e-12));
  });

  test("zeros give zeros", () =>
    expect(rowGeometry(new Float32Array(12), [3, 4])).toEqual({ magnitude: 0, coherence: 0 }));
});

describe("largestSingularValue", () => {
  test("is the first of the spectrum, of low rank and full rank, tall and wide", () => {
    for (const [values, rows, cols] of [
      [[7], 5, 9],
      [[7, 7, 2], 9, 5],
      [[5, 4.9, 4.8, 4.7, 1], 5, 5],
    ] as const)
      expect(largestSingularValue(withSpectrum(values, rows, cols), [rows, cols])).toBeCloseTo(values[0], 10);
    const noise = Float64Array.from({ length: 60 * 40 }, (_, i) => Math.sin(12.9898 * i * i));
    const [first = 0] = spectrumOf(noise, [60, 40]);
    const found = largestSingularValue(noise, [60, 40]);
    expect(found).toBeLessThanOrEqual(first * (1 + 1e-12));
    expect(found / first).toBeGreaterThan(1 - 1e-4);
  });

  test("of zeros it is 0; what is no matrix is refused", () => {
    expect(largestSingularValue(new Float32Array(6), [2, 3])).toBe(0);
    expect(() => largestSingularValue([1, 2, 3], [2, 2])).toThrow(/\[2, 2\] has 4 entries, got 3/);
  });
});

describe("distances along geodesics", () => {
  test("the sphere's is the angle, small ones and opposites included", () => {
    for (const angle of [1e-4, 0.3, 1.5, 3.1]) {
      const turned = array([Math.cos(angle), Math.sin(angle)], [2]).mul(7);
      expect(sphereDistance(array([2, 0], [2]), turned).item() / angle).toBeCloseTo(1, 4);
    }
    expect(sphereDistance(array(wave(6, 1), [2, 3]), array(wave(6, 1), [2, 3]).mul(-2)).item()).toBeCloseTo(
      Math.PI,
      5,
    );
    expect(sphereDistance(np.ones([3]), np.zeros([3])).item()).toBeCloseTo(Math.PI / 2, 5);
  });

  test("the oblique one takes each column, or each row, for itself", () => {
    const [a, b] = [0.4, 1.1];
    const start = (): np.Array => array([1, 0, 0, 3], [2, 2]);
    const end = (): np.Array => array([Math.cos(a), -Math.sin(b), Math.sin(a), Math.cos(b)], [2, 2]);
    expect(obliqueDistance(start(), end()).item()).toBeCloseTo(Math.hypot(a, b), 5);
    const rows = obliqueDistance(np.matrixTranspose(start()), np.matrixTranspose(end()), "rows");
    expect(rows.item()).toBeCloseTo(Math.hypot(a, b), 5);
  });

  test("points on a geodesic are as far apart as they are along it", () => {
    for (const [{ nearest, tangent, exponential }, distance] of [
      [oblique(), (a: np.Array, b: np.Array) => obliqueDistance(a, b)],
      [sphere(), sphereDistance],
    ] as const) {
      const at = nearest(array(wave(12, 1), [4, 3]));
      const step = tangent(at.ref, array(wave(12, 6), [4, 3])).mul(0.2);
      const length = np.sqrt(np.sum(np.square(step.ref))).item();
      const end = exponential?.(at.ref, step);
      if (end === undefined) return expect.unreachable();
      expect(distance(at, end).item()).toBeCloseTo(length, 5);
    }
  });

  test("the Stiefel one of square factors is ‖log UᵀV‖", () => {
    const [a, b] = [0.7, 2.5];
    const found = stiefelOf(np.eye(4).mul(3), array(rotation(a, b), [4, 4]).mul(0.1));
    expect(found).toBeCloseTo(Math.sqrt(2 * a * a + 2 * b * b), 3);
  });

  test("of tall and wide factors, the principal angles", () => {
    const [a, b] = [0.5, 1.2];
    // two columns of R⁴ turned out of their plane by a and b
    const start = (): np.Array => array([1, 0, 0, 1, 0, 0, 0, 0], [4, 2]);
    const end = (): np.Array =>
      array([Math.cos(a), 0, 0, Math.cos(b), Math.sin(a), 0, 0, Math.sin(b)], [4, 2]);
    expect(stiefelOf(start(), end())).toBeCloseTo(Math.hypot(a, b), 4);
    expect(stiefelOf(np.matrixTranspose(start()), np.matrixTranspose(end()))).toBeCloseTo(
      Math.hypot(a, b),
      4,
    );
  });
});

describe("spectra", () => {
  test("eigenvalues of the second difference are 2 − 2cos(kπ/(n+1))", () => {
    const n = 30;
    const entries = Array.from({ length: n * n }, (_, at) => {
      const apart = Math.abs(Math.floor(at / n) - (at % n));
      return apart === 0 ? 2 : apart === 1 ? -1 : 0;
    });
    for (const [i, value] of symmetricEigenvalues(entries).entries())
      expect(value).toBeCloseTo(2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1)), 12);
  });

  test("singular values of constructed matrices, square, tall, wide and of lower rank", () => {
    const values = [9, 4, 4, 1e-3, 0];
    for (const [rows, cols] of [
      [5, 5],
      [11, 5],
      [5, 8],
    ] as const) {
      const found = spectrumOf(withSpectrum(values, rows, cols), [rows, cols]);
      expect(found).toHaveLength(5);
      // squares of 1e-8·σ₁ are what float64 loses beside σ₁²
      for (const [i, value] of found.entries()) expect(Math.abs(value - (values[i] ?? 0))).toBeLessThan(2e-7);
    }
  });

  test("zeros, one entry and no entry", () => {
    expect(spectrumOf(new Float32Array(6), [2, 3])).toEqual([0, 0]);
    expect(spectrumOf([-3], [1, 1])).toEqual([3]);
    expect(spectrumOf([], [0, 4])).toEqual([]);
  });

  test("both ranks of equal values are their number, of one value 1, and 0 of none", () => {
    for (const rank of [stableRank, effectiveRank]) {
      expect(rank([2, 2, 2, 2])).toBeCloseTo(4, 12);
      expect(rank([5, 0, 0])).toBeCloseTo(1, 12);
      expect(rank([0, 0])).toBe(0);
    }
    expect(stableRank([2, 1])).toBeCloseTo(1.25, 12);
    expect(effectiveRank([2, 1])).toBeCloseTo(3 / 2 ** (2 / 3), 12); // exp(log 3 − (2/3) log 2)
  });

  test("what is no matrix is refused", () => {
    expect(() => spectrumOf([1, 2, 3], [2, 2])).toThrow(/\[2, 2\] has 4 entries, got 3/);
    expect(() => symmetricEigenvalues([1, 2, 3])).toThrow(/square matrix, got 3/);
    expect(() => spectrumOf([Number.NaN], [1, 1])).toThrow(/not finite/);
  });
});

test("rootMeanSquare", () => {
  expect(rootMeanSquare(array([3, -4, 0, 0], [2, 2])).item()).toBeCloseTo(2.5, 6);
  expect(rootMeanSquare(np.ones([7, 3])).item()).toBeCloseTo(1, 6);
});

test("compiled they say the same, and leak nothing", async () => {
  const matrix = (seed: number): np.Array => array(wave(12, seed), [4, 3]);
  const norm = layerNorms(() => ({ norm: createNorm("frobenius"), radius: 1 }))({ w: matrix(1) });
  const all = (a: np.Array, b: np.Array): np.Array => {
    const { squaredNorm, variance } = gradientNoise([{ w: a.ref }, { w: b.ref }]);
    const { linear, bound } = descentBound(norm, { w: a.ref }, { w: b.ref }, 2);
    const angles = [sphereDistance(a.ref, b.ref), obliqueDistance(a.ref, b.ref)];
    const overlap = np.sum(stiefelOverlap(a.ref, b));
    return np.stack([...[squaredNorm, variance, linear, bound, ...angles, overlap], rootMeanSquare(a)]);
  };
  const compiled = jit(all);
  const [eager, fast] = [all(matrix(1), matrix(4)).js(), compiled(matrix(1), matrix(4)).js()];
  for (const [i, value] of (eager as number[]).entries()) expect((fast as number[])[i]).toBeCloseTo(value, 4);
  compiled.dispose();
  expect(await leakedBuffers(() => all(matrix(1), matrix(4)).js())).toBe(0);
});

describe("updateCost", () => {
  const hidden = { roles: { w: "hidden" } } as const;
  const perEntry = (method: Transform): number => updateCost(method, [512, 256]).flops / (512 * 256);

  test("heavy ball by hand: μS, + G, times the rate; gradient, weight, sum, the new sum and the step", () => {
    const method = chain(trace(0.9), scale(-0.1));
    expect(updateCost(method, [8, 4])).toEqual({ flops: 3 * 32, peakFloats: 5 * 32 });
  });

  test("Mano takes at most 11mn beside momentum and decay, far below Muon", () => {
    const mano = perEntry(createOptimizer("mano", hidden));
    const limit = updateCost(limitRange(), [512, 256]).flops / (512 * 256); // of every named optimizer
    expect(mano).toBeLessThan(11 + 3 + 3 + limit); // (1−μ)G + μM; λW, its sum, the rate
    expect(mano).toBeGreaterThan(11);
    // five Newton-Schulz steps of the smaller Gram matrix, a part of which is left out by symmetry
    expect(perEntry(createOptimizer("muon", hidden))).toBeGreaterThan(5 * 4 * 256);
  });

  test("what has no fixed count says so", () => {
    expect(() => updateCost(createOptimizer("muon_exact", hidden), [8, 4])).toThrow(
      /jacobi_eigh has no fixed/,
    );
  });
});
