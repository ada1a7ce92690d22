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
import { type Kind, type Sample, sample, samples } from "./matrixSamples.ts";
import { distance } from "./support/trees.ts";

/** Entries of a matrix, row by row, or of a vector, in the precision in which they are computed with. */
interface Point {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

type Method = "value" | "dual" | "lmo" | "sharp";
const methods: readonly Method[] = ["value", "dual", "lmo", "sharp"];

/** The functions of a norm on plain numbers. */
interface Laws {
  readonly value: (x: Point) => number;
  readonly dual: (x: Point) => number;
  readonly lmo: (g: Point) => Point;
  readonly sharp: (g: Point) => Point;
  readonly init: (seed: number, shape: readonly number[]) => Point;
}

interface Case {
  readonly label: string;
  readonly norm: Norm;
  readonly laws: Laws;
  /** The shape a sample of [m, n] is given to this norm in. */
  readonly shape: (sample: Sample) => number[];
}

const arrayFrom = ({ data, shape }: Point): np.Array => np.array(data).reshape([...shape]);
const pointOf = (x: np.Array): Point => {
  const { shape } = x;
  return { shape, data: x.dataSync().slice() as Point["data"] };
};

/**
 * The functions of a norm for the laws, which ask the same of the same few samples: compiled, and a value that was
 * computed is remembered. "jit gives the same" holds them against the norm's own, operation by operation.
 */
function lawsOf(norm: Norm): Laws {
  const remembered = (method: Method): ((x: Point) => Point) => {
    const compiled = jit((x: np.Array) => norm[method](x));
    const known = new Map<string, Point>();
    return (x) => {
      const key = `${x.data.constructor.name} ${x.shape} ${x.data}`;
      const found = known.get(key) ?? pointOf(compiled(arrayFrom(x)));
      known.set(key, found);
      return found;
    };
  };
  const size = (method: Method): ((x: Point) => number) => {
    const of = remembered(method);
    return (x) => of(x).data[0] ?? Number.NaN;
  };
  const starts = new Map<string, (key: np.Array) => np.Array>();
  const init: Laws["init"] = (seed, shape) => {
    const start = starts.get(String(shape)) ?? jit((key: np.Array) => norm.init(key, [...shape]));
    starts.set(String(shape), start);
    return pointOf(start(random.key(seed)));
  };
  return {
    value: size("value"),
    dual: size("dual"),
    lmo: remembered("lmo"),
    sharp: remembered("sharp"),
    init,
  };
}

const named = (label: string, norm: Norm, shape: Case["shape"]): Case => ({
  label,
  norm,
  laws: lawsOf(norm),
  shape,
});
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

function forAll(kinds: readonly Kind[], { shape }: Case, law: (g: Point, s: Sample) => void): void {
  const property = fc.property(samples(...kinds), (s) => law(drawn(s, shape(s)), s));
  fc.assert(property, { numRuns: 8, seed: 7 });
}

const drawn = ({ kind, m, seed }: Sample, shape: readonly number[]): Point => ({
  shape,
  data: sample(kind, m, sizeOf(shape) / m, seed),
});
/** Another point of the same shape. */
const besides = (s: Sample, { shape }: Point): Point =>
  drawn({ ...s, kind: "gaussian", seed: s.seed + 1 }, shape);

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const times = ({ data, shape }: Point, factor: number): Point => ({
  shape,
  data: data.map((entry) => entry * factor),
});
const plus = ({ data, shape }: Point, other: Point): Point => ({
  shape,
  data: data.map((entry, i) => entry + (other.data[i] ?? Number.NaN)),
});
const inner = (a: Point, b: Point): number =>
  [...a.data].reduce((sum, entry, i) => sum + entry * (b.data[i] ?? Number.NaN), 0);
const largest = ({ data }: Point): number => Math.max(...data.map(Math.abs));
const apart = (a: Point, b: Point): number => distance([...a.data], [...b.data]);
const inFloat64 = ({ data, shape }: Point): Point => ({ shape, data: Float64Array.from(data) });

// float32 sums of at most 48 terms, and Jacobi to 1e-12: 1e-6. eps = 1e-8 against rows of length 1e-3: 1e-5.
const rtol = 2e-5;

const byLabel = (cases: readonly Case[]): [string, Case][] => cases.map((item) => [item.label, item]);

describe.each(byLabel([...exactCases, ...defaultCases]))("%s", (_label, item) => {
  const { norm, laws } = item;
  const wide = item.shape({ kind: "gaussian", m: 3, n: 8, seed: 0 });

  test("⟨g, lmo(g)⟩ = −dual(g)", () =>
    forAll(all, item, (g) => {
      const dual = laws.dual(g);
      expect(Math.abs(inner(g, laws.lmo(g)) + dual)).toBeLessThanOrEqual(rtol * dual);
    }));

  test("‖lmo(g)‖ = 1, and lmo(0) = 0", () => {
    forAll(nonzero, item, (g) => {
      expect(Math.abs(laws.value(laws.lmo(g)) - 1)).toBeLessThan(rtol);
    });
    forAll(["zero"], item, (g) => {
      expect(laws.lmo(g).data.every((entry) => entry === 0)).toBe(true);
      expect(laws.dual(g)).toBeCloseTo(0, 30);
      expect(laws.value(g)).toBeCloseTo(0, 30);
    });
  });

  test("lmo is odd", () =>
    forAll(all, item, (g) => {
      expect(apart(laws.lmo(times(g, -1)), times(laws.lmo(g), -1))).toBeLessThan(1e-6);
    }));

  test("⟨g, x⟩ ≤ dual(g) · value(x), for other x than the lmo", () =>
    forAll(all, item, (g, s) => {
      const other = besides(s, g);
      const bound = laws.dual(g) * laws.value(other);
      expect(inner(g, other)).toBeLessThanOrEqual(bound * (1 + rtol));
    }));

  test("value and dual are norms: positive, homogeneous, triangle inequality", () =>
    forAll(nonzero, item, (g, s) => {
      for (const size of [laws.value, laws.dual]) {
        const other = besides(s, g);
        const own = size(g);
        expect(own).toBeGreaterThan(0);
        expect(Math.abs(size(times(g, -3)) - 3 * own)).toBeLessThan(1e-5 * own);
        expect(size(plus(g, other))).toBeLessThanOrEqual((own + size(other)) * (1 + 1e-6));
      }
    }));

  test("sharp: ⟨g, g♯⟩ = dual(g)², ‖g♯‖ = dual(g), g♯ = −dual(g)·lmo(g)", () =>
    forAll(all, item, (g) => {
      const dual = laws.dual(g);
      expect(Math.abs(inner(g, laws.sharp(g)) - dual ** 2)).toBeLessThanOrEqual(rtol * dual ** 2);
      expect(Math.abs(laws.value(laws.sharp(g)) - dual)).toBeLessThanOrEqual(rtol * dual);
      const composed = times(laws.lmo(g), -dual);
      expect(apart(laws.sharp(g), composed)).toBeLessThanOrEqual(rtol * largest(composed));
    }));

  test("init is on the sphere, and the key decides where", () => {
    forAll(["gaussian"], item, ({ shape }, { seed }) => {
      const at = laws.init(seed, shape);
      expect(at.shape).toEqual(shape);
      expect(Math.abs(laws.value(at) - 1)).toBeLessThan(rtol);
    });
    const [once, again, other] = [1, 1, 2].map((seed) => laws.init(seed, wide)) as [Point, Point, Point];
    expect(apart(once, again)).toBe(0);
    expect(apart(once, other)).toBeGreaterThan(0.01);
  });

  test("jit gives the same; eager calls consume their argument once and leak nothing", async () => {
    const g = drawn({ kind: "gaussian", m: 3, n: 8, seed: 4 }, wide);
    for (const method of methods) {
      let eager = g;
      const leaked = await leakedBuffers(() => {
        eager = pointOf(norm[method](arrayFrom(g)));
      });
      expect(leaked).toBe(0);
      const compiled = laws[method](g);
      expect(
        apart(
          typeof compiled === "number" ? { shape: [], data: Float32Array.of(compiled) } : compiled,
          eager,
        ),
      ).toBeLessThan(2e-6 * largest(eager));
    }
    const leaked = await leakedBuffers(() => {
      const eager = pointOf(norm.init(random.key(0), wide));
      expect(apart(laws.init(0, wide), eager)).toBeLessThan(2e-6 * largest(eager));
    });
    expect(leaked).toBe(0);
  });
});

describe.each(byLabel(exactCases))("%s, exact", (_label, item) => {
  const { laws } = item;

  // 2⁻¹⁰⁰ = 8e-31: powers of two, so that scaling itself rounds nothing.
  test("lmo does not depend on the scale of g; dual and value grow with it", () =>
    forAll(nonzero, item, (g) => {
      const expected = laws.lmo(g);
      for (const factor of [2 ** -100, 2 ** -20, 2 ** 90]) {
        expect(apart(laws.lmo(times(g, factor)), expected)).toBeLessThan(1e-5 * largest(expected));
        for (const size of [laws.dual, laws.value]) {
          const ratio = size(times(g, factor)) / factor / size(g);
          expect(Math.abs(ratio - 1)).toBeLessThan(1e-5);
        }
      }
    }));

  test("−lmo is the gradient of dual where that is smooth: central differences in float64", () =>
    forAll(["gaussian"], item, (single, s) => {
      const g = inFloat64(single);
      const h = inFloat64(besides(s, single));
      const at = (t: number): number => laws.dual(plus(g, times(h, t)));
      const t = 1e-6;
      const slope = (at(t) - at(-t)) / (2 * t);
      const expected = -inner(laws.lmo(g), h);
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
    const draw = (seed: number): Point => drawn({ kind: "gaussian", m: 3, n: 8, seed }, [3, 8]);
    const inexact = lawsOf(createNorm("spectral", options));
    const cheap = lawsOf(createNorm("spectral", { ...options, dual: "oracle" }));
    const exactNorm = lawsOf(createNorm("spectral", { polar: "svd" }));

    test("lmo has norm within the band, dual is exact, the oracle's dual within the band", () => {
      for (let seed = 0; seed < 20; seed++) {
        const size = inexact.value(inexact.lmo(draw(seed)));
        expect(size).toBeGreaterThan(low);
        expect(size).toBeLessThan(high);
        const dual = exactNorm.dual(draw(seed));
        expect(Math.abs(inexact.dual(draw(seed)) - dual)).toBeLessThan(1e-5 * dual);
        const estimate = cheap.dual(draw(seed));
        expect(estimate).toBeGreaterThan(low * dual);
        expect(estimate).toBeLessThan(high * dual);
        expect(Math.abs(estimate + inner(draw(seed), cheap.lmo(draw(seed))))).toBeLessThan(1e-5 * dual);
      }
    });

    test("sharp = −dual · lmo with the dual that was chosen", () => {
      for (const norm of [inexact, cheap]) {
        const dual = norm.dual(draw(1));
        expect(apart(norm.sharp(draw(1)), times(norm.lmo(draw(1)), -dual))).toBeLessThan(1e-5 * dual);
      }
    });

    test("finite on ill-conditioned, rank-deficient, 1-wide, 1-tall; zero for zero", () => {
      const property = fc.property(samples(), (s) => {
        const step = inexact.lmo(drawn(s, [s.m, s.n])).data;
        expect(step.every(Number.isFinite)).toBe(true);
        if (s.kind === "zero") expect(step.every((entry) => entry === 0)).toBe(true);
      });
      fc.assert(property, { numRuns: 20, seed: 3 });
    });

    test("leaks nothing", async () => {
      for (const norm of [
        createNorm("spectral", options),
        createNorm("spectral", { ...options, dual: "oracle" }),
      ])
        for (const method of [norm.value, norm.dual, norm.lmo, norm.sharp])
          expect(await leakedBuffers(() => method(np.ones([3, 8])).js())).toBe(0);
    });
  },
);
