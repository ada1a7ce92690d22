import { numpy as np, random } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { singularValues } from "../src/matrix/index.ts";
import {
  createNorm,
  euclidean,
  expectMatrix,
  max,
  type NormName,
  type NormOptions,
  normNames,
  normOptions,
  spectral,
  spectralConv,
  transposed,
} from "../src/norms/index.ts";
import { arrayOf, entries, maxDifference } from "./matrixSamples.ts";

const exact: NormOptions = { polar: "svd" };

// G = [[3, 0, 0], [0, 4, 0]]: dOut 2, dIn 3, singular values 4 and 3, columns 3, 4, 0, rows 3, 4.
const G = [
  [3, 0, 0],
  [0, 4, 0],
];
const [s23, s32] = [Math.sqrt(2 / 3), Math.sqrt(3 / 2)];

// norm-constrained.md section 3, each row with numbers put in; `at` is what lmo makes of the 3 and the 4.
const table: [name: NormName, options: NormOptions, value: number, dual: number, at: [number, number]][] = [
  ["frobenius", {}, 5, 5, [-3 / 5, -4 / 5]],
  ["max", {}, 4, 7, [-1, -1]],
  ["operator", exact, 4, 7, [-1, -1]],
  ["spectral", exact, s32 * 4, s23 * 7, [-s23, -s23]],
  ["spectral", { ...exact, transpose: true }, s23 * 4, s32 * 7, [-s32, -s32]],
  ["spectral_max", exact, 4, 7, [-1, -1]],
  ["spectral_max", { ...exact, transpose: true }, s23 * 4, s32 * 7, [-s32, -s32]],
  ["spectral_2rms", exact, 4 / Math.SQRT2, 7 * Math.SQRT2, [-Math.SQRT2, -Math.SQRT2]],
  ["columns", {}, 4, 7, [-1, -1]],
  ["colnorm", {}, 4 / Math.SQRT2, 7 * Math.SQRT2, [-Math.SQRT2, -Math.SQRT2]],
  ["colnorm_normalized", {}, 12 / Math.SQRT2, (7 * Math.SQRT2) / 3, [-Math.SQRT2 / 3, -Math.SQRT2 / 3]],
  ["colnorm", { transpose: true }, 4 / Math.sqrt(3), 7 * Math.sqrt(3), [-Math.sqrt(3), -Math.sqrt(3)]],
  ["rownorm", {}, 4 * Math.sqrt(3), 7 / Math.sqrt(3), [-1 / Math.sqrt(3), -1 / Math.sqrt(3)]],
  ["rownorm", { transpose: true }, 4 * Math.SQRT2, 7 / Math.SQRT2, [-1 / Math.SQRT2, -1 / Math.SQRT2]],
  ["rownorm_input", {}, 4, 7, [-1, -1]],
  ["sign", {}, 4, 7, [-1, -1]],
  ["sign_normalized", {}, 12, 7 / 3, [-1 / 3, -1 / 3]],
  ["sign_normalized", { transpose: true }, 8, 7 / 2, [-1 / 2, -1 / 2]],
  ["bias_rms", {}, 5 / Math.sqrt(6), 5 * Math.sqrt(6), [-0.6 * Math.sqrt(6), -0.8 * Math.sqrt(6)]],
  ["bias_sign", {}, 4, 7, [-1, -1]],
];

describe.each(table)("%s %j", (name, options, value, dual, [three, four]) => {
  test("value, dual, lmo, sharp as computed by hand", () => {
    const norm = createNorm(name, options);
    expect(norm.value(np.array(G)).item()).toBeCloseTo(value, 5);
    expect(norm.dual(np.array(G)).item()).toBeCloseTo(dual, 5);
    const step = np.array([
      [three, 0, 0],
      [0, four, 0],
    ]);
    expect(maxDifference(norm.lmo(np.array(G)), step.ref)).toBeLessThan(1e-6);
    expect(maxDifference(norm.sharp(np.array(G)), step.mul(-dual))).toBeLessThan(1e-5);
  });

  test("scale multiplies the ball: value / 2, dual · 2, lmo · 2, sharp · 4", () => {
    const norm = createNorm(name, { ...options, scale: 2 });
    expect(norm.value(np.array(G)).item()).toBeCloseTo(value / 2, 5);
    expect(norm.dual(np.array(G)).item()).toBeCloseTo(2 * dual, 5);
    expect(entries(norm.lmo(np.array(G)))[0]).toBeCloseTo(2 * three, 5);
    expect(entries(norm.sharp(np.array(G)))[4]).toBeCloseTo(-4 * dual * four, 4);
  });
});

test("1×1: every oracle returns −sign(g) times its factor", () => {
  for (const name of normNames().filter((known) => known !== "spectral_conv")) {
    const options = normOptions(name).includes("polar") ? exact : {};
    expect(entries(createNorm(name, options).lmo(np.array([[-7]])))[0]).toBeCloseTo(1, 6);
  }
});

// Section 3: Frobenius length of one step at full rank without zero rows or columns, dOut 3, dIn 8, r = 3.
test.each([
  ["spectral", Math.sqrt((3 * 3) / 8)],
  ["colnorm", Math.sqrt(3 * 8)],
  ["colnorm_normalized", Math.sqrt(3 / 8)],
  ["rownorm", Math.sqrt(3 / 8)],
  ["sign", Math.sqrt(3 * 8)],
  ["sign_normalized", Math.sqrt(3 / 8)],
  ["bias_rms", Math.sqrt(3 * 8)],
] as const)("a step of %s has Frobenius length %d", (name, expected) => {
  const step = createNorm(name, name === "spectral" ? exact : {}).lmo(
    arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 1 }),
  );
  expect(np.sqrt(np.sum(np.square(step))).item()).toBeCloseTo(expected, 5);
});

describe("eps", () => {
  test("is added to the norm expression that contains the scale", () => {
    const faint = (): np.Array => np.array([[3e-8], [4e-8]]); // one column of length 5e-8, rms 5e-8/√2
    const [a = 0] = entries(createNorm("colnorm").lmo(faint()));
    expect(a).toBeCloseTo(-3e-8 / (5e-8 / Math.SQRT2 + 1e-8), 5);
    const [b = 0] = entries(createNorm("colnorm_normalized").lmo(np.array([[3e-8, 0]])));
    expect(b).toBeCloseTo(-3e-8 / (3e-8 + 1e-8) / 2, 5);
    const [c = 0] = entries(createNorm("rownorm").lmo(np.array([[3e-8, 4e-8]])));
    expect(c).toBeCloseTo(-3e-8 / (Math.SQRT2 * 5e-8 + 1e-8), 5);
    const [d = 0] = entries(createNorm("bias_rms").lmo(np.array([3e-8, 4e-8])));
    expect(d).toBeCloseTo(-3e-8 / (5e-8 / Math.SQRT2 + 1e-8), 5);
    const [e = 0] = entries(createNorm("frobenius", { eps: 1e-8 }).lmo(np.array([3e-8, 4e-8])));
    expect(e).toBeCloseTo(-3e-8 / 6e-8, 5);
  });

  test("eps 0 gives a faint row its full step, the default lets it fade", () => {
    const faint = (): np.Array => np.array([[1e-30, 0]]);
    expect(entries(createNorm("rownorm_input", { eps: 0 }).lmo(faint()))[0]).toBeCloseTo(-1, 6);
    expect(Math.abs(entries(createNorm("rownorm_input").lmo(faint()))[0] ?? 1)).toBeLessThan(1e-20);
  });
});

describe("bias_rms with compat, as Scion's code", () => {
  const compat = createNorm("bias_rms", { compat: true, eps: 0 });

  test("is the same for vectors, and the sign for a first axis of one", () => {
    const g = (): np.Array => np.array([3, -4]);
    expect(entries(compat.lmo(g()))).toEqual(entries(createNorm("bias_rms", { eps: 0 }).lmo(g())));
    expect(entries(compat.lmo(np.array([[[3, -4, 0.1]]])))).toEqual([-1, 1, -1]);
  });

  test("is the largest RMS along axis 0; dual, lmo and sharp belong to it", () => {
    const g = (): np.Array =>
      np.array([
        [3, 0.5],
        [-4, 1.2],
      ]); // columns of length 5 and 1.3
    expect(compat.value(g()).item()).toBeCloseTo(5 / Math.SQRT2, 5);
    expect(compat.dual(g()).item()).toBeCloseTo(Math.SQRT2 * 6.3, 5);
    const step = compat.lmo(g());
    expect(compat.value(step.ref).item()).toBeCloseTo(1, 6);
    expect(np.sum(step.mul(g())).item()).toBeCloseTo(-Math.SQRT2 * 6.3, 5);
    expect(
      compat
        .value(createNorm("bias_rms", { compat: true, zeroInit: false }).init(random.key(1), [3, 4]))
        .item(),
    ).toBeCloseTo(1, 6);
    expect(compat.lmo(np.array(-2)).item()).toBe(1);
  });

  test("leaks nothing", async () => {
    const g = (): np.Array =>
      np.array([
        [3, 0.5],
        [-4, 1.2],
      ]);
    expect(
      await leakedBuffers(() => [compat.value(g()).js(), compat.dual(g()).js(), compat.lmo(g()).js()]),
    ).toBe(0);
  });
});

describe("starts", () => {
  test("spectral: all singular values are the radius", () => {
    const start = createNorm("spectral").init(random.key(1), [12, 4]);
    for (const sigma of entries(singularValues(start))) expect(sigma).toBeCloseTo(Math.sqrt(3), 5);
  });

  test("colnorm, rownorm: every column, row on the sphere", () => {
    const columns = createNorm("colnorm").init(random.key(1), [4, 3]);
    for (const square of entries(np.sum(np.square(columns), 0))) expect(square).toBeCloseTo(4, 5);
    const rows = createNorm("rownorm").init(random.key(1), [4, 3]);
    for (const square of entries(np.sum(np.square(rows), 1))) expect(square).toBeCloseTo(1 / 3, 6);
  });

  test("sign: coins; with zeroInit, and for biases, zero", () => {
    const coins = entries(createNorm("sign_normalized").init(random.key(1), [30, 20]));
    expect(new Set(coins.map((coin) => Math.round(coin * 2e4)))).toEqual(new Set([-1000, 1000]));
    const heads = coins.filter((coin) => coin > 0).length;
    expect(Math.abs(heads - 300)).toBeLessThan(4 * Math.sqrt(150)); // 4 standard deviations of 600 coins
    for (const [name, options] of [
      ["sign", { zeroInit: true }],
      ["bias_rms", {}],
      ["bias_sign", {}],
    ] as const)
      expect(
        entries(createNorm(name, options).init(random.key(1), [2, 2])).every((entry) => entry === 0),
      ).toBe(true);
  });

  test("spectral_conv: slices are semi-orthogonal, √K outside the ball where dOut ≤ dIn", () => {
    const start = spectralConv().init(random.key(1), [3, 5, 2, 2]);
    const slice = start.ref.slice([], [], 1, 0);
    for (const sigma of entries(singularValues(slice))) expect(sigma).toBeCloseTo(Math.sqrt(3 / 5) / 4, 5);
    expect(spectralConv().value(start).item()).toBeCloseTo(2, 4);
    const inside = spectralConv({ start: "sphere" });
    expect(inside.value(inside.init(random.key(1), [3, 5, 2, 2])).item()).toBeCloseTo(1, 5);
  });
});

describe("shapes", () => {
  test("spectral_conv is spectral on [dOut, dIn·kh·kw], 1/K and all; also for 1-D kernels", () => {
    const flat = arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 3 });
    const factor = Math.sqrt(3 / 2) / 4;
    for (const shape of [
      [3, 2, 2, 2],
      [3, 2, 4],
    ]) {
      const conv = spectralConv({ polar: "svd" });
      const matrix = spectral({ polar: "svd", radius: "operator" });
      const x = (): np.Array => flat.ref.reshape(shape);
      expect(conv.value(x()).item()).toBeCloseTo(matrix.value(flat.ref).item() / factor, 4);
      expect(conv.dual(x()).item()).toBeCloseTo(matrix.dual(flat.ref).item() * factor, 4);
      expect(conv.lmo(x()).shape).toEqual(shape);
      const step = matrix.lmo(flat.ref).mul(factor).reshape(shape);
      expect(maxDifference(conv.lmo(x()), step)).toBeLessThan(1e-6);
    }
    flat.dispose();
  });

  test("auto goes by rank", () => {
    const auto = createNorm("auto", exact);
    for (const [name, shape] of [
      ["spectral_conv", [3, 2, 2, 2]],
      ["spectral_conv", [3, 2, 4]],
      ["spectral", [3, 8]],
      ["bias_rms", [24]],
    ] as const) {
      const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 3 }, shape);
      const chosen = createNorm(name, name === "bias_rms" ? {} : exact);
      for (const method of ["value", "dual", "lmo", "sharp"] as const)
        expect(maxDifference(auto[method](x()), chosen[method](x()))).toBe(0);
      expect(maxDifference(auto.init(random.key(2), shape), chosen.init(random.key(2), shape))).toBe(0);
    }
    expect(auto.value(np.array(-3)).item()).toBe(3);
    expect(() => auto.lmo(np.ones([1, 1, 1, 1, 1]))).toThrow("up to 4 axes, got 5");
  });

  test("transpose: the option, the wrapper and a transposed weight agree", () => {
    const x = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 8 });
    for (const name of [
      "spectral",
      "spectral_max",
      "spectral_2rms",
      "colnorm",
      "rownorm",
      "sign_normalized",
    ] as const) {
      const options = normOptions(name).includes("polar") ? exact : {};
      const norm = createNorm(name, options);
      const option = createNorm(name, { ...options, transpose: true });
      const wrapped = transposed(norm);
      for (const method of ["value", "dual"] as const) {
        const expected = norm[method](np.matrixTranspose(x())).item();
        expect(option[method](x()).item() / expected).toBeCloseTo(1, 6);
        expect(wrapped[method](x()).item() / expected).toBeCloseTo(1, 6);
      }
      const step = np.matrixTranspose(norm.lmo(np.matrixTranspose(x())));
      expect(maxDifference(option.lmo(x()), step.ref)).toBeLessThan(1e-5);
      expect(maxDifference(wrapped.lmo(x()), step)).toBe(0);
      expect(option.init(random.key(0), [3, 8]).shape).toEqual([3, 8]);
    }
  });

  test("a wrong rank is refused with the norm, the shape and a remedy", () => {
    expect(() => createNorm("spectral").lmo(np.ones([5]))).toThrow(
      "spectral.lmo needs a matrix [dOut, dIn]; got shape [5]. Give gains and biases biasRms",
    );
    expect(() => createNorm("colnorm").dual(np.ones([2, 2, 3, 3]))).toThrow(
      "colnorm.dual needs a matrix [dOut, dIn]; got shape [2,2,3,3]. Give convolutions spectralConv",
    );
    expect(() => createNorm("rownorm").init(random.key(0), [2, 2, 2, 2, 2])).toThrow("Reshape the parameter");
    expect(() => createNorm("spectral_conv").value(np.ones([4, 4]))).toThrow(
      "spectral_conv.value needs a convolution [dOut, dIn, k] or [dOut, dIn, kh, kw]; got shape [4,4]",
    );
    expect(() => expectMatrix("here", { shape: [0, 3] })).toThrow(
      "here needs at least one entry; got shape [0,3]",
    );
    expect(() => transposed(max()).lmo(np.ones([3]))).toThrow("transposed(max).lmo needs a matrix");
  });
});

describe("createNorm", () => {
  test("every name works with no options, under its own name", () => {
    for (const name of normNames()) expect(createNorm(name).name).toBe(name);
    expect(euclidean().name).toBe("euclidean");
  });

  test("wrong names and options get the nearest and the valid ones", () => {
    expect(() => createNorm("spectrall")).toThrow(
      /unknown norm "spectrall".*did you mean "spectral".*The norms are frobenius, euclidean, max/,
    );
    expect(() => createNorm("constructor")).toThrow('unknown norm "constructor"');
    expect(() => createNorm("colnorm", { transpos: true } as NormOptions)).toThrow(
      /norm "colnorm" has no option "transpos".*did you mean "transpose".*Its options are scale, transpose, eps/,
    );
    expect(() => createNorm("max", { eps: 1 })).toThrow('norm "max" has no option "eps"');
  });

  test("wrong values are refused when the norm is made", () => {
    expect(() => createNorm("max", { scale: 0 })).toThrow("max: scale must be > 0, got 0");
    expect(() => createNorm("rownorm", { eps: -1 })).toThrow("rownorm: eps must be ≥ 0, got -1");
    expect(() => createNorm("spectral", { polar: { steps: 0 } })).toThrow(
      'steps of "keller" must be a positive integer, got 0',
    );
    expect(() => createNorm("spectral", { polar: "newtonShulz" as "svd" })).toThrow(
      'did you mean "newtonSchulz"',
    );
  });

  test("a polar factor and a radius of one's own", () => {
    const g = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 8 });
    const own = spectral({ polar: (x) => x.mul(0.5), radius: (dOut, dIn) => dOut + dIn });
    expect(maxDifference(own.lmo(g()), g().mul(-5.5))).toBeLessThan(1e-6);
  });
});
