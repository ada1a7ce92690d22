import { grad, numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { createOptimizer, listParameters, refTree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { ConfigError } from "../src/model/configError.ts";
import { createProblem } from "../src/problems/createProblem.ts";
import { landscape, landscapeNames } from "../src/problems/landscape.ts";
import { leastSquares } from "../src/problems/leastSquares.ts";
import { gaussian, randomSymmetric } from "../src/problems/matrix.ts";
import type { ProblemParams } from "../src/problems/problemModel.ts";
import { problemNames } from "../src/problems/problemPresets.ts";
import { quadratic } from "../src/problems/quadratic.ts";

const at = (rows: number[][]): ProblemParams => ({
  x: np.array(Float64Array.from(rows.flat()), { shape: [rows.length, rows[0]?.length ?? 0] }),
});
type Rows = number[][];
const rowsOf = ({ rows, columns, data }: ReturnType<typeof gaussian>): Rows =>
  Array.from({ length: rows }, (_, i) => [...data.slice(i * columns, (i + 1) * columns)]);
const times = (a: Rows, b: Rows): Rows =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, x, k) => sum + x * (b[k]?.[j] ?? NaN), 0)));
const minus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((x, j) => x - (b[i]?.[j] ?? NaN)));
const inner = (a: Rows, b: Rows): number => a.flat().reduce((sum, x, i) => sum + x * (b.flat()[i] ?? NaN), 0);

describe("random matrices", () => {
  test("a symmetric matrix has the eigenvalues it was given", () => {
    const eigenvalues = [3, 1, 0.5, 0.1];
    const a = rowsOf(randomSymmetric(eigenvalues, 5, 2));
    // Traces of powers are the sums of powers of the eigenvalues, and four of them fix four eigenvalues.
    let power = a;
    for (let k = 1; k <= 4; k++) {
      const trace = power.reduce((sum, row, i) => sum + (row[i] ?? NaN), 0);
      expect(trace).toBeCloseTo(
        eigenvalues.reduce((sum, l) => sum + l ** k, 0),
        10,
      );
      power = times(power, a);
    }
    expect(a.every((row, i) => row.every((x, j) => x === a[j]?.[i]))).toBe(true);
    expect(Math.abs(a[0]?.[1] ?? 0)).toBeGreaterThan(1e-3); // rotated
  });

  test("normal numbers have mean 0, variance 1, and depend on seed and stream", () => {
    const { data } = gaussian(1, 0, 100, 100);
    const mean = data.reduce((a, b) => a + b, 0) / 1e4;
    const variance = data.reduce((a, b) => a + b * b, 0) / 1e4;
    expect(Math.abs(mean)).toBeLessThan(0.05); // five standard deviations
    expect(Math.abs(variance - 1)).toBeLessThan(0.07);
    expect(gaussian(1, 0, 1, 3).data).not.toEqual(gaussian(1, 1, 1, 3).data);
    expect(gaussian(1, 0, 1, 3).data).not.toEqual(gaussian(2, 0, 1, 3).data);
  });
});

describe("least squares", () => {
  const model = leastSquares({ rows: 4, columns: 3, problemSeed: 7 });
  const [a, b, s] = [model.matrices.left, model.matrices.right, model.matrices.target].map(rowsOf) as [
    Rows,
    Rows,
    Rows,
  ];
  const point = rowsOf(gaussian(9, 0, 4, 3));

  test("value and gradient are those of the formula", () => {
    const gradient = times(times(a, minus(point, s)), b);
    const [value, found] = valueAndGrad(model.loss)(at(point), {}) as [np.Array, ProblemParams];
    // A, B and S are rounded to float32.
    expect(Math.abs(value.item() - 0.5 * inner(minus(point, s), gradient))).toBeLessThan(1e-5);
    const error = minus(found.x.js() as Rows, gradient);
    expect(Math.max(...error.flat().map(Math.abs))).toBeLessThan(1e-6);
  });

  test("starts at 0 and is 0 at S; the spectra are in (0, 1)", () => {
    expect((model.init(random.key(3)).x.js() as Rows).flat().every((x) => x === 0)).toBe(true);
    expect(Math.abs(model.loss(at(s), {}).item())).toBeLessThan(1e-12);
    const all = [...model.spectra.left, ...model.spectra.right];
    expect(all).toHaveLength(7);
    expect(all.every((l) => l > 0 && l < 1)).toBe(true);
    expect(leastSquares({ rows: 4, columns: 3, problemSeed: 7 }).spectra).toEqual(model.spectra);
  });
});

describe("quadratic", () => {
  test("a diagonal one by hand", () => {
    const model = quadratic({ rows: 3, columns: 1, spectrum: [4, 2, 0], rotated: false, problemSeed: 1 });
    const s = rowsOf(gaussian(1, 4, 3, 1)).flat();
    const x = [1, -2, 3];
    const expected = [4, 2, 0].reduce((sum, l, i) => sum + 0.5 * l * ((x[i] ?? 0) - (s[i] ?? 0)) ** 2, 0);
    expect(Math.abs(model.loss(at(x.map((v) => [v])), {}).item() - expected)).toBeLessThan(1e-5);
  });

  test.each([
    ["geometric", [1, 0.1, 0.01]],
    ["linear", [1, 0.505, 0.01]],
    ["two-level", [1, 1, 0.01]],
  ] as const)("spectrum %s", (spectrum, expected) => {
    const { eigenvalues } = quadratic({ rows: 3, condition: 100, spectrum });
    eigenvalues.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? NaN, 12);
    });
  });

  test("gradient descent with step 1 / largest eigenvalue contracts by 1 − 1 / condition", () => {
    const model = quadratic({ rows: 5, columns: 2, condition: 4, spectrum: "two-level" });
    const slope = grad((p: ProblemParams) => model.loss(p, {}));
    let { x } = model.init(random.key(0));
    const start = model.loss({ x: x.ref }, {}).item();
    for (let i = 0; i < 10; i++) x = x.ref.sub((slope({ x }) as ProblemParams).x);
    // The half with eigenvalue 1 is solved at once, the other decays by (3/4)² in the loss at every step.
    expect(model.loss({ x }, {}).item() / start).toBeLessThan(0.75 ** 20);
  });
});

describe("landscapes", () => {
  test.each([
    ["rosenbrock", [-1.2, 1], 24.2],
    ["beale", [0, 0], 1.5 ** 2 + 2.25 ** 2 + 2.625 ** 2],
    ["beale", [1, 1], 1.5 ** 2 + 2.25 ** 2 + 2.625 ** 2],
    ["himmelblau", [0, 0], 170],
    ["himmelblau", [1, 2], (1 + 2 - 11) ** 2 + (1 + 4 - 7) ** 2],
    ["booth", [-8, 8], 1 + (-16 + 8 - 5) ** 2],
  ] as const)("%s at %o is %d", (surface, point, value) => {
    const found = landscape({ surface })
      .loss(at(point.map((c) => [c])), {})
      .item();
    expect(found).toBeCloseTo(value, 9);
  });

  test.each(["rosenbrock", "beale", "himmelblau", "booth"] as const)(
    "%s is 0 and flat at its minima",
    (surface) => {
      const model = landscape({ surface });
      for (const minimum of model.minima) {
        const point = () => at(minimum.map((c) => [c]));
        // Himmelblau's are known to six digits, and its curvature is below 200.
        expect(Math.abs(model.loss(point(), {}).item())).toBeLessThan(1e-9);
        const gradient = grad((p: ProblemParams) => model.loss(p, {}))(point()) as ProblemParams;
        expect(np.max(np.absolute(gradient.x)).item()).toBeLessThan(1e-3);
      }
    },
  );

  test.each(landscapeNames)(
    "%s: the heights over a grid are the losses there, and nothing leaks",
    async (surface) => {
      const problem = landscape({ surface });
      const [xs, ys] = [
        [-1.5, 0, 2],
        [0.5, 3],
      ];
      let heights: number[] = [];
      expect(
        await leakedBuffers(async () => {
          heights = await problem.heights(xs, ys);
        }),
      ).toBe(0);
      const losses = ys.flatMap((y) => xs.map((x) => problem.loss(at([[x], [y]]), {}).item()));
      for (const [i, loss] of losses.entries()) expect(heights[i]).toBeCloseTo(loss, 3);
      const space = landscape({ dimensions: 3 });
      await expect(space.heights([0], [0])).rejects.toThrow("a plane has 2 coordinates, this landscape 3");
    },
  );

  test("Rosenbrock's gradient by hand, in three dimensions", () => {
    const model = landscape({ dimensions: 3, steepness: 10 });
    const [x, y, z] = [0.5, -1, 2];
    const expected = [
      -40 * x * (y - x * x) - 2 * (1 - x),
      20 * (y - x * x) - 40 * y * (z - y * y) - 2 * (1 - y),
      20 * (z - y * y),
    ];
    const gradient = grad((p: ProblemParams) => model.loss(p, {}))(at([[x], [y], [z]])) as ProblemParams;
    (gradient.x.js() as Rows).flat().forEach((g, i) => {
      expect(g).toBeCloseTo(expected[i] ?? NaN, 9);
    });
  });
});

describe.each(problemNames)("%s", (name) => {
  const model = createProblem(name);

  test("starts where it says, and an optimizer makes it smaller", () => {
    const optimizer = createOptimizer("adamw", { learningRate: 0.01, weightDecay: 0 });
    let params = model.init(random.key(0)) as ProblemParams;
    expect(listParameters(params, model.roles())).toEqual(model.parameters);
    const start = model.loss(refTree(params), {}).item();
    let state = optimizer.init(refTree(params));
    const slope = grad((p: ProblemParams) => model.loss(p, {}));
    for (let i = 0; i < 5; i++) {
      const gradient = slope(refTree(params)) as ProblemParams;
      const [updates, next] = optimizer.update(gradient, state, refTree(params), {
        phase: 0,
        first: i === 0,
      });
      state = next;
      params = { x: params.x.add((updates as ProblemParams).x) };
    }
    expect(model.loss(params, {}).item()).toBeLessThan(start);
    expect(start).toBeGreaterThan(model.minimum);
  });

  test("leaks nothing, and its config builds it again", async () => {
    expect(await leakedBuffers(() => model.loss(model.init(random.key(1)), {}).dispose())).toBe(0);
    expect(createProblem(name, JSON.parse(JSON.stringify(model.config))).config).toEqual(model.config);
  });
});

test.each([
  ["quadratic", { spectrum: "flat" }, /spectrum is one of geometric, linear/],
  ["quadratic", { rows: 2, spectrum: [1] }, /or 2 eigenvalues ≥ 0 for 2 rows; got \[1\]/],
  ["quadratic", { condition: 0.5 }, /condition must be a number ≥ 1/],
  ["least-squares", { seed: 1 }, /no setting "seed".*settings are rows, columns, problemSeed/],
  ["beale", { dimensions: 3 }, /beale has 2 dimensions, not 3/],
  ["rosenbrock", { dimensions: 1 }, /rosenbrock has 2 dimensions, not 1; only rosenbrock may have more/],
  ["rosenbrock", { start: [1] }, /start must be 2 numbers, for example \[-1.2,1\]; got \[1\]/],
  ["rosenbrok", {}, /no problem "rosenbrok" \(did you mean "rosenbrock"\?\)/],
])("%s refuses %o", (name, settings, message) => {
  expect(() => createProblem(name, settings)).toThrow(ConfigError);
  expect(() => createProblem(name, settings)).toThrow(message);
});
