import { createOptimizer, describeOptimizer, disposeTree, type OptimizerName } from "steepest";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";

import { sample } from "./matrixSamples.ts";
import {
  combine,
  frobeniusOf,
  innerOf,
  type Rows,
  rowsOf,
  spectrally,
  svdOf,
  transpose,
} from "./support/float64.ts";
import { array, flatten } from "./support/trees.ts";

// What the sources say of every flavour, written out: two steps in float64, the
// iteration as a polynomial of singular values, against the optimizer as it comes, without a single option.

type Triple = readonly [a: number, b: number, c: number];
const keller: Triple = [3.4445, -4.775, 2.0315];
const repeat = (triple: Triple, steps: number): readonly Triple[] =>
  Array.from({ length: steps }, () => triple);
const you5: readonly Triple[] = [
  [4.0848, -6.8946, 2.927],
  [3.9505, -6.3029, 2.6377],
  [3.7418, -5.5913, 2.3037],
  [2.8769, -3.1427, 1.2046],
  [2.8366, -3.0525, 1.2012],
];
const polarExpress2pct: readonly Triple[] = [
  [8.156554524902461, -22.48329292557795, 15.878769915207462],
  [4.042929935166739, -2.808917465908714, 0.5000178451051316],
  [3.8916678022926607, -2.772484153217685, 0.5060648178503393],
  [3.285753657755655, -2.3681294933425376, 0.46449024233003106],
  [2.3465413258596377, -1.7097828382687081, 0.42323551169305323],
];
/** The raw list, all five over 1.05 as gram-newton-schulz has them. */
const polarExpressGram: readonly Triple[] = (
  [
    [8.28721201814563, -23.595886519098837, 17.300387312530933],
    [4.107059111542203, -2.9478499167379106, 0.5448431082926601],
    [3.9486908534822946, -2.908902115962949, 0.5518191394370137],
    [3.3184196673576016, -2.488488024314874, 0.51004894012372],
    [2.300652019954817, -1.6689039845747493, 0.4188073119525673],
  ] as const
).map(([a, b, c]) => [a / 1.05, b / 1.05 ** 3, c / 1.05 ** 5]);
const deepseek = [...repeat(keller, 8), ...repeat([2, -1.5, 0.5], 2)];

type Scale = (rows: number, columns: number) => number;
const shape: Scale = (a, b) => Math.sqrt(Math.max(1, a / b));
const largest =
  (factor: number): Scale =>
  (a, b) =>
    factor * Math.sqrt(Math.max(a, b));
const ratio: Scale = (a, b) => Math.sqrt(a / b);

interface Flavour {
  readonly rate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly scale: Scale;
  readonly coefficients: readonly Triple[];
  /** What ‖U‖_F is multiplied with before the iteration. Default 1. */
  readonly enlarged?: number;
  readonly decay: number;
  /** What O goes through after the iteration. Default nothing. */
  readonly after?: (o: Rows) => Rows;
}

/** Columns, then rows, at unit length, 1e-7 added to their squares. */
const unitColumnsThenRows = (o: Rows): Rows => {
  const unitRows = (rows: Rows): Rows =>
    rows.map((row) => {
      const length = Math.sqrt(row.reduce((sum, x) => sum + x * x, 1e-7));
      return row.map((x) => x / length);
    });
  return unitRows(transpose(unitRows(transpose(o))));
};

const flavours: Readonly<Partial<Record<OptimizerName, Flavour>>> = {
  muon: {
    rate: 0.02,
    momentum: 0.95,
    nesterov: true,
    scale: shape,
    coefficients: repeat(keller, 5),
    decay: 0,
  },
  muon_moonlight: {
    rate: 1e-3,
    momentum: 0.95,
    nesterov: true,
    scale: largest(0.2),
    coefficients: repeat(keller, 5),
    decay: 0.1,
  },
  muon_torch: {
    rate: 1e-3,
    momentum: 0.95,
    nesterov: true,
    scale: shape,
    coefficients: repeat(keller, 5),
    decay: 0.1,
  },
  muon_emerging: {
    rate: 3e-4,
    momentum: 0.95,
    nesterov: false,
    scale: largest(1),
    coefficients: you5,
    decay: 0.01,
  },
  muon_dion: {
    rate: 0.01,
    momentum: 0.95,
    nesterov: false,
    scale: ratio,
    coefficients: polarExpress2pct,
    enlarged: 1.02,
    decay: 0.01,
  },
  muon_gram: {
    rate: 1e-3,
    momentum: 0.95,
    nesterov: true,
    scale: largest(0.2),
    coefficients: polarExpressGram,
    decay: 0.1,
  },
  muon_deepseek_v4: {
    rate: 3e-4, // AdamW's
    momentum: 0.95,
    nesterov: true,
    scale: largest(0.18),
    coefficients: deepseek,
    decay: 0.1,
  },
  muon_plus: {
    rate: 1e-3,
    momentum: 0.95,
    nesterov: true,
    scale: ratio,
    coefficients: repeat(keller, 5),
    decay: 0.1,
    after: unitColumnsThenRows,
  },
};

const shapes = [
  [4, 6],
  [6, 4],
  [5, 5],
] as const;

/** O, from singular values of U over its Frobenius norm. */
function polarOf(u: Rows, coefficients: readonly Triple[], enlarged = 1): Rows {
  const size = frobeniusOf(u) * enlarged;
  return spectrally(u, (sigma) =>
    coefficients.reduce((x, [a, b, c]) => a * x + b * x ** 3 + c * x ** 5, sigma / size),
  );
}

/** Updates of two steps, by the rule and by the optimizer; the weights follow the rule. */
function twoSteps(name: OptimizerName, sides: readonly [number, number], rule: Rule): [Rows, Rows][] {
  const optimizer = createOptimizer(name);
  const weight = (w: Rows) => ({ w: array(Float32Array.from(w.flat()), sides) });
  let w = rowsOf(sample("gaussian", ...sides, 1), sides);
  let state = optimizer.init(weight(w));
  const pairs = [0, 1].map((step): [Rows, Rows] => {
    const g = rowsOf(sample("gaussian", ...sides, 4 + step), sides);
    const expected = rule(g, w, step + 1);
    const [updates, next] = optimizer.update(weight(g), state, weight(w));
    state = next;
    w = combine((x, u) => x + u, w, expected);
    return [rowsOf(flatten(updates), sides), expected];
  });
  disposeTree(state);
  return pairs;
}

type Rule = (g: Rows, w: Rows, t: number) => Rows;

function expectRule(name: OptimizerName, makeRule: (sides: readonly [number, number]) => Rule): void {
  for (const sides of shapes) {
    for (const [found, expected] of twoSteps(name, sides, makeRule(sides))) {
      const off = Math.max(...combine((x, y) => Math.abs(x - y), found, expected).flat());
      // Float32 through iterations of slope 3 to 8 at zero: 1e-6 measured, 8e-6 for Polar Express.
      expect(off / Math.max(...expected.flat().map(Math.abs))).toBeLessThan(2e-5);
    }
  }
}

/** M ← μM + (1−μ)G; heavy-ball sums are proportional, and O ignores scale. */
function average(momentum: number): (g: Rows) => Rows {
  let m: Rows | undefined;
  return (g) => {
    m = combine((x, y) => momentum * x + (1 - momentum) * y, m ?? combine(() => 0, g), g);
    return m;
  };
}

describe("as they come", () => {
  test.each(Object.entries(flavours) as [OptimizerName, Flavour][])(
    "%s: two steps are the rule's, in float64",
    (name, flavour) => {
      claim(name, "As it comes, two steps are the rule's, written out in float64");
      const { rate, momentum, nesterov, scale, coefficients, enlarged, decay, after } = flavour;
      expectRule(name, (sides) => {
        const past = average(momentum);
        return (g, w) => {
          const m = past(g);
          const u = nesterov ? combine((x, y) => momentum * x + (1 - momentum) * y, m, g) : m;
          const polar = polarOf(u, coefficients, enlarged);
          const o = after ? after(polar) : polar;
          return combine((x, y) => -rate * (scale(...sides) * x + decay * y), o, w);
        };
      });
    },
  );

  test("muon_optax: the look-ahead's parts are corrected on their own", () => {
    claim("muon_optax", "muon_optax: the look-ahead's parts are corrected on their own");
    const beta = 0.95;
    expectRule("muon_optax", (sides) => {
      const past = average(beta);
      return (g, _, t) => {
        const m = past(g);
        const u = combine(
          (x, y) => (beta * x) / (1 - beta ** (t + 1)) + ((1 - beta) * y) / (1 - beta ** t),
          m,
          g,
        );
        return combine((x) => -0.02 * shape(...sides) * x, polarOf(u, repeat(keller, 5)));
      };
    });
  });

  test("muon_airbench: W at ‖W‖_F = √rows first, three iterations, momentum 0.6", () => {
    claim("muon_airbench", "muon_airbench: W at ‖W‖_F = √rows first, three iterations, momentum 0.6");
    expectRule("muon_airbench", ([rows]) => {
      const past = average(0.6);
      return (g, w) => {
        const u = combine((x, y) => 0.6 * x + 0.4 * y, past(g), g);
        const resize = Math.sqrt(rows) / frobeniusOf(w) - 1;
        return combine((x, y) => -0.24 * x + resize * y, polarOf(u, repeat(keller, 3)), w);
      };
    });
  });

  test("clipped_spectral: γ 1e-3, momentum 0.9, ρ 1, the dual norm as ⟨d, O⟩", () => {
    expectRule("clipped_spectral", () => {
      const past = average(0.9);
      return (g) => {
        const d = past(g);
        const o = polarOf(d, repeat(keller, 5));
        return combine((x) => -1e-3 * Math.min(1, innerOf(d, o)) * x, o);
      };
    });
  });

  test("muon_exact: UVᵀ of the average, no factor", () => {
    expectRule("muon_exact", () => {
      const past = average(0.9);
      return (g) =>
        combine(
          (x) => -1e-3 * x,
          spectrally(past(g), () => 1),
        );
    });
  });

  test("sinkgd: 0.05 times the rate, rows at √n and columns at √m five times", () => {
    expectRule("sinkgd", ([m, n]) => (g) => {
      let x = g;
      for (let round = 0; round < 5; round++) {
        x = x.map((row) => row.map((e) => (Math.sqrt(n) * e) / Math.hypot(...row)));
        const lengths = (x[0] ?? []).map((_, j) => Math.hypot(...x.map((row) => row[j] ?? 0)));
        x = x.map((row) => row.map((e, j) => (Math.sqrt(m) * e) / (lengths[j] ?? 1)));
      }
      return combine((e) => -0.02 * 0.05 * e, x);
    });
  });

  const auxiliaries: [name: OptimizerName, options: Readonly<Record<string, unknown>>][] = [
    ["muon", { auxiliaryLearningRate: 3e-4, b1: 0.9, b2: 0.95, eps: 1e-10 }],
    [
      "muon_moonlight",
      { auxiliaryLearningRate: "same", auxiliaryWeightDecay: "same", b1: 0.9, b2: 0.95, eps: 1e-8 },
    ],
    ["muon_optax", { b1: 0.9, b2: 0.999, eps: 1e-8 }],
    ["muon_dion", { b1: 0.9, b2: 0.95 }],
    ["muon_airbench", { auxiliaryMomentum: 0.85 }],
    [
      "muon_plus",
      { auxiliaryLearningRate: "same", auxiliaryWeightDecay: "same", b1: 0.95, b2: 0.95, eps: 1e-8 },
    ],
    [
      "normuon",
      {
        learningRate: 0.02,
        weightDecay: 0,
        rowB2: 0.95,
        auxiliaryLearningRate: 3e-4,
        b1: 0.9,
        b2: 0.95,
        eps: 1e-10,
      },
    ],
    ["aurora", { learningRate: 0.05, weightDecay: 0.025, iterations: 2, power: 0.5, steps: 12 }],
    ["riemannian_aurora", { iterations: 3, solverSteps: 20, steps: 12 }],
    ["rmnp", { learningRate: 0.02, weightDecay: 0, auxiliaryLearningRate: 3e-3, auxiliaryWeightDecay: 0.1 }],
    ["nora", { learningRate: 5e-3, weightDecay: 0, rowEps: 1e-10, auxiliaryLearningRate: 1e-3 }],
    ["scale", { learningRate: 1e-4, momentum: 0.9, weightDecay: 0, b1: 0.9, b2: 0.999 }],
    ["dion", { learningRate: 0.01, momentum: 0.95, weightDecay: 0.01, rankFraction: 1 }],
    ["dion2", { learningRate: 0.01, momentum: 0.95, weightDecay: 0.01, fraction: 0.25 }],
  ];
  test.each(auxiliaries)("%s: what a step of matrices does not show", (name, options) => {
    const { options: specs } = describeOptimizer(name);
    for (const [option, expected] of Object.entries(options))
      expect(specs[option]?.default, option).toBe(expected);
  });
});

test("the reference's own decomposition is one", () => {
  for (const sides of shapes) {
    const a = rowsOf(sample("gaussian", sides[0], sides[1], 3), sides);
    const back = spectrally(a, (sigma) => sigma);
    expect(Math.max(...combine((x, y) => Math.abs(x - y), a, back).flat())).toBeLessThan(1e-13);
    const polar = spectrally(a, () => 1);
    expect(innerOf(a, polar)).toBeCloseTo(
      svdOf(a).s.reduce((x, y) => x + y),
      12,
    );
  }
});
