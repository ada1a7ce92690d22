import { jit, numpy as np, random } from "@jax-js/jax";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import {
  createNorm,
  type Norm,
  type NormName,
  type NormOptions,
  normNames,
  scaled,
  transposed,
} from "../src/norms/index.ts";
import { arrayOf, entries, type Kind, maxDifference, type Sample, samples } from "./matrixSamples.ts";

interface Case {
  readonly label: string;
  readonly norm: Norm;
  /** The same functions, compiled, each value computed once. */
  readonly laws: Pick<Norm, Method>;
  readonly compiled: Pick<Norm, Method>;
  /** The shape a sample of [m, n] is given to this norm in. */
  readonly shape: (sample: Sample) => number[];
}

type Method = "value" | "dual" | "lmo" | "sharp";
const methods: readonly Method[] = ["value", "dual", "lmo", "sharp"];

/**
 * The functions of a norm for the laws, which ask the same of the same few samples: compiled, and a value that was
 * computed is remembered. "jit gives the same" holds them against the norm's own, operation by operation.
 */
function remembered(compiled: Pick<Norm, Method>): Pick<Norm, Method> {
  const of = (method: Method): ((x: np.Array) => np.Array) => {
    const known = new Map<string, { data: Float32Array | Float64Array; shape: number[] }>();
    return (x) => {
      const { shape, dtype } = x;
      const key = `${dtype} ${shape} ${x.ref.ravel().js()}`;
      let found = known.get(key);
      if (found === undefined) {
        const result = compiled[method](x);
        found = { shape: result.shape, data: result.dataSync().slice() as Float32Array | Float64Array };
        known.set(key, found);
      } else x.dispose();
      return np.array(found.data).reshape(found.shape);
    };
  };
  return { value: of("value"), dual: of("dual"), lmo: of("lmo"), sharp: of("sharp") };
}

function named(label: string, norm: Norm, shape: Case["shape"]): Case {
  const { value, dual, lmo, sharp } = norm;
  const compiled = { value: jit(value), dual: jit(dual), lmo: jit(lmo), sharp: jit(sharp) };
  return { label, norm, compiled, laws: remembered(compiled), shape };
}
const matrix = ({ m, n }: Sample): number[] => [m, n];
const vector = ({ m, n }: Sample): number[] => [m * n];
const conv = ({ m, n }: Sample): number[] => [m, n, 1, 2]; // a sample of m × 2n
const conv1d = ({ m, n }: Sample): number[] => [m, n, 2];

const exact: NormOptions = { polar: "svd" };
const plain = (name: NormName, shape: Case["shape"], options: NormOptions = {}): Case =>
  named(
    [name, ...Object.entries(options).map(([key, value]) => `${key}=${value}`)].join(" "),
    createNorm(name, options),
    shape,
  );

// Exact norms: no eps, exact oracles, starting on the sphere. Every law holds at every scale.
const exactCases: Case[] = [
  plain("frobenius", matrix),
  plain("euclidean", vector),
  plain("max", vector),
  plain("operator", matrix, exact),
  plain("spectral", matrix, exact),
  plain("spectral", matrix, { ...exact, transpose: true }),
  plain("spectral_max", matrix, exact),
  plain("spectral_2rms", matrix, exact),
  plain("spectral_2rms", matrix, { ...exact, dual: "oracle" }),
  plain("spectral_conv", conv, { ...exact, start: "sphere" }),
  plain("spectral_conv", conv1d, { ...exact, start: "sphere" }),
  plain("columns", matrix, { eps: 0 }),
  plain("colnorm", matrix, { eps: 0 }),
  plain("colnorm", matrix, { eps: 0, transpose: true }),
  plain("colnorm_normalized", matrix, { eps: 0 }),
  plain("rownorm", matrix, { eps: 0 }),
  plain("rownorm", matrix, { eps: 0, transpose: true, scale: 3 }),
  plain("rownorm_input", matrix, { eps: 0 }),
  plain("sign", matrix),
  plain("sign_normalized", matrix),
  plain("sign_normalized", matrix, { transpose: true }),
  plain("bias_rms", vector, { eps: 0, zeroInit: false }),
  plain("bias_sign", vector, { zeroInit: false }),
  plain("l1", vector),
  plain("nuclear", matrix, { scale: 2 }),
  plain("schatten_p", matrix, { p: 1.5 }),
  plain("kyfan_dual_k", matrix, { k: 2 }),
  ...[0, 0.25, 0.5, 0.9, 1].flatMap((alpha) => [
    plain("f_star", matrix, { ...exact, alpha }),
    plain("f_two", matrix, { alpha }),
  ]),
  named("scaled(rownorm, 0.3)", scaled(createNorm("rownorm", { eps: 0 }), 0.3), matrix),
  named("transposed(spectral_2rms)", transposed(createNorm("spectral_2rms", exact)), matrix),
];

// As they come, but for the oracle: with the eps of the definitions.
const defaultCases: Case[] = [
  plain("colnorm", matrix),
  plain("colnorm_normalized", matrix, { transpose: true }),
  plain("rownorm", matrix),
  plain("rownorm_input", matrix),
  plain("bias_rms", vector, { zeroInit: false }),
];

test("every norm has a row in the table of laws, but auto, which chooses among them", () => {
  const rows = new Set([...exactCases, ...defaultCases].map(({ norm: { name } }) => name));
  for (const name of normNames()) if (name !== "auto") expect(rows).toContain(name);
});

const all: Kind[] = ["gaussian", "illConditioned", "rankDeficient", "zero", "zeroRows"];
const nonzero = all.filter((kind) => kind !== "zero");

function forAll(
  kinds: readonly Kind[],
  { shape }: Case,
  law: (draw: () => np.Array, s: Sample) => void,
): void {
  const property = fc.property(samples(...kinds), (s) => {
    const target = shape(s);
    const size = target.reduce((product, extent) => product * extent, 1);
    law(() => arrayOf({ ...s, n: size / s.m }, target), s);
  });
  fc.assert(property, { numRuns: 8, seed: 7 });
}

const inner = (a: np.Array, b: np.Array): number => np.sum(a.mul(b)).item();

// float32 sums of at most 48 terms, and Jacobi to 1e-12: 1e-6. eps = 1e-8 against rows of length 1e-3: 1e-5.
const rtol = 2e-5;

const byLabel = (cases: readonly Case[]): [string, Case][] => cases.map((item) => [item.label, item]);

describe.each(byLabel([...exactCases, ...defaultCases]))("%s", (_label, item) => {
  const { norm, laws } = item;

  test("⟨g, lmo(g)⟩ = −dual(g)", () =>
    forAll(all, item, (g) => {
      const dual = laws.dual(g()).item();
      expect(Math.abs(inner(g(), laws.lmo(g())) + dual)).toBeLessThanOrEqual(rtol * dual);
    }));

  test("‖lmo(g)‖ = 1, and lmo(0) = 0", () => {
    forAll(nonzero, item, (g) => {
      expect(Math.abs(laws.value(laws.lmo(g())).item() - 1)).toBeLessThan(rtol);
    });
    forAll(["zero"], item, (g) => {
      expect(entries(laws.lmo(g())).every((entry) => entry === 0)).toBe(true);
      expect(laws.dual(g()).item()).toBeCloseTo(0, 30);
      expect(laws.value(g()).item()).toBeCloseTo(0, 30);
    });
  });

  test("lmo is odd", () =>
    forAll(all, item, (g) => {
      expect(maxDifference(laws.lmo(g().mul(-1)), laws.lmo(g()).mul(-1))).toBeLessThan(1e-6);
    }));

  test("⟨g, x⟩ ≤ dual(g) · value(x), for other x than the lmo", () =>
    forAll(all, item, (g, s) => {
      const other = arrayOf({ ...s, kind: "gaussian", n: g().size / s.m, seed: s.seed + 1 }, item.shape(s));
      const bound = laws.dual(g()).item() * laws.value(other.ref).item();
      expect(inner(g(), other)).toBeLessThanOrEqual(bound * (1 + rtol));
    }));

  test("value and dual are norms: positive, homogeneous, triangle inequality", () =>
    forAll(nonzero, item, (g, s) => {
      for (const size of [laws.value, laws.dual]) {
        const other = arrayOf({ ...s, kind: "gaussian", n: g().size / s.m, seed: s.seed + 1 }, item.shape(s));
        const own = size(g()).item();
        expect(own).toBeGreaterThan(0);
        expect(Math.abs(size(g().mul(-3)).item() - 3 * own)).toBeLessThan(1e-5 * own);
        const sum = size(g().add(other.ref)).item();
        expect(sum).toBeLessThanOrEqual((own + size(other).item()) * (1 + 1e-6));
      }
    }));

  test("sharp: ⟨g, g♯⟩ = dual(g)², ‖g♯‖ = dual(g), g♯ = −dual(g)·lmo(g)", () =>
    forAll(all, item, (g) => {
      const dual = laws.dual(g()).item();
      expect(Math.abs(inner(g(), laws.sharp(g())) - dual ** 2)).toBeLessThanOrEqual(rtol * dual ** 2);
      expect(Math.abs(laws.value(laws.sharp(g())).item() - dual)).toBeLessThanOrEqual(rtol * dual);
      const composed = laws.lmo(g()).mul(-dual);
      const size = Math.max(...entries(composed.ref).map(Math.abs));
      expect(maxDifference(laws.sharp(g()), composed)).toBeLessThanOrEqual(rtol * size);
    }));

  test("init is on the sphere, and the key decides where", () => {
    forAll(["gaussian"], item, (g, s) => {
      const { shape } = g();
      const start = norm.init(random.key(s.seed), shape);
      expect(start.shape).toEqual(shape);
      expect(Math.abs(laws.value(start.ref).item() - 1)).toBeLessThan(rtol);
      start.dispose();
    });
    const shape = item.shape({ kind: "gaussian", m: 3, n: 8, seed: 0 });
    const start = (seed: number): np.Array => norm.init(random.key(seed), shape);
    expect(maxDifference(start(1), start(1))).toBe(0);
    expect(maxDifference(start(1), start(2))).toBeGreaterThan(0.01);
  });

  test("jit gives the same", () => {
    const shape = item.shape({ kind: "gaussian", m: 3, n: 8, seed: 0 });
    const g = (): np.Array =>
      arrayOf({ kind: "gaussian", m: 3, n: shape.reduce((p, e) => p * e) / 3, seed: 4 }, shape);
    for (const method of methods) {
      const eager = norm[method](g());
      const size = Math.max(...entries(eager.ref).map(Math.abs));
      expect(maxDifference(item.compiled[method](g()), eager)).toBeLessThan(2e-6 * size);
    }
  });

  test("consumes its argument once and leaks nothing", async () => {
    const shape = item.shape({ kind: "gaussian", m: 3, n: 8, seed: 0 });
    for (const method of [norm.value, norm.dual, norm.lmo, norm.sharp])
      expect(await leakedBuffers(() => method(np.ones(shape)).js())).toBe(0);
    expect(await leakedBuffers(() => norm.init(random.key(0), shape).js())).toBe(0);
  });
});

describe.each(byLabel(exactCases))("%s, exact", (_label, item) => {
  const { norm, laws } = item;

  // 2⁻¹⁰⁰ = 8e-31: powers of two, so that scaling itself rounds nothing.
  test("lmo does not depend on the scale of g; dual and value grow with it", () =>
    forAll(nonzero, item, (g) => {
      for (const factor of [2 ** -100, 2 ** -20, 2 ** 90]) {
        const expected = laws.lmo(g());
        const size = Math.max(...entries(expected.ref).map(Math.abs));
        expect(maxDifference(laws.lmo(g().mul(factor)), expected)).toBeLessThan(1e-5 * size);
        for (const method of [laws.dual, laws.value]) {
          const ratio = method(g().mul(factor)).item() / factor / method(g()).item();
          expect(Math.abs(ratio - 1)).toBeLessThan(1e-5);
        }
      }
    }));

  test("−lmo is the gradient of dual where that is smooth: central differences in float64", () =>
    forAll(["gaussian"], item, (g, s) => {
      const h = (): np.Array =>
        arrayOf({ ...s, kind: "gaussian", n: g().size / s.m, seed: s.seed + 1 }, item.shape(s)).astype(
          np.float64,
        );
      const at = (t: number): number => norm.dual(g().astype(np.float64).add(h().mul(t))).item();
      const t = 1e-6;
      const slope = (at(t) - at(-t)) / (2 * t);
      const expected = -inner(norm.lmo(g().astype(np.float64)), h());
      // Differences carry rounding/t = 1e-9 and curvature·t², curvature at most 1/σ_min² or 1/entry².
      expect(Math.abs(slope - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    }));
});

// Newton-Schulz and Polar Express map singular values into a band (matrixCoefficients.test.ts) instead of to 1.
describe.each([
  // The narrowest spectrum here has σ_min/‖G‖_F ≥ 0.01 in nearly all draws of 3 × 8, keller: 0.68…1.14.
  { label: "newtonSchulz", options: {}, low: 0.68, high: 1.14 },
  { label: "polarExpress", options: { polar: "polarExpress" }, low: 0.87, high: 1.13 },
  {
    label: "polarExpress, 8 steps",
    options: { polar: { method: "polarExpress", steps: 8 } },
    low: 0.9999,
    high: 1.0001,
  },
] satisfies { label: string; options: NormOptions; low: number; high: number }[])(
  "spectral by $label",
  ({ options, low, high }) => {
    const draw = (seed: number): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 8, seed });
    const inexact = createNorm("spectral", options);
    const cheap = createNorm("spectral", { ...options, dual: "oracle" });
    const exactNorm = createNorm("spectral", { polar: "svd" });

    test("lmo has norm within the band, dual is exact, the oracle's dual within the band", () => {
      for (let seed = 0; seed < 20; seed++) {
        const size = inexact.value(inexact.lmo(draw(seed))).item();
        expect(size).toBeGreaterThan(low);
        expect(size).toBeLessThan(high);
        const dual = exactNorm.dual(draw(seed)).item();
        expect(Math.abs(inexact.dual(draw(seed)).item() - dual)).toBeLessThan(1e-5 * dual);
        const estimate = cheap.dual(draw(seed)).item();
        expect(estimate).toBeGreaterThan(low * dual);
        expect(estimate).toBeLessThan(high * dual);
        expect(Math.abs(estimate + inner(draw(seed), cheap.lmo(draw(seed))))).toBeLessThan(1e-5 * dual);
      }
    });

    test("sharp = −dual · lmo with the dual that was chosen", () => {
      for (const norm of [inexact, cheap]) {
        const dual = norm.dual(draw(1)).item();
        expect(maxDifference(norm.sharp(draw(1)), norm.lmo(draw(1)).mul(-dual))).toBeLessThan(1e-5 * dual);
      }
    });

    test("finite on ill-conditioned, rank-deficient, 1-wide, 1-tall; zero for zero", () => {
      const property = fc.property(samples(), (s) => {
        const step = entries(inexact.lmo(arrayOf(s)));
        expect(step.every(Number.isFinite)).toBe(true);
        if (s.kind === "zero") expect(step.every((entry) => entry === 0)).toBe(true);
      });
      fc.assert(property, { numRuns: 20, seed: 3 });
    });

    test("leaks nothing", async () => {
      for (const norm of [inexact, cheap])
        for (const method of [norm.value, norm.dual, norm.lmo, norm.sharp])
          expect(await leakedBuffers(() => method(np.ones([3, 8])).js())).toBe(0);
    });
  },
);
