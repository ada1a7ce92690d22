import { didYouMean } from "../../nearestName.ts";
import type { CoefficientSet, Coefficients } from "./coefficientSet.ts";
import { withSafety } from "./polarExpressSchedule.ts";

const KELLER: Coefficients = [3.4445, -4.775, 2.0315];
const SIMPLE: Coefficients = [2, -1.5, 0.5];

export type CoefficientSetName =
  | "keller"
  | "you5"
  | "you6"
  | "polarExpress"
  | "polarExpress2pct"
  | "polarExpressNvidia"
  | "cans5"
  | "aol4"
  | "cubic5"
  | "deepseekV4"
  | "cubic"
  | "quintic"
  | "simple";

/** Polar Express on [1e-3, 1] as published; `polarExpressSchedule()` makes the same numbers. */
export const polarExpressRaw: readonly Coefficients[] = [
  [8.28721201814563, -23.595886519098837, 17.300387312530933],
  [4.107059111542203, -2.9478499167379106, 0.5448431082926601],
  [3.9486908534822946, -2.908902115962949, 0.5518191394370137],
  [3.3184196573706015, -2.488488024314874, 0.51004894012372],
  [2.300652019954817, -1.6689039845747493, 0.4188073119525673],
  [1.891301407787398, -1.2679958271945868, 0.37680408948524835],
  [1.8750014808534479, -1.2500016453999487, 0.3750001645474248],
  [1.875, -1.25, 0.375],
];

const common = { mode: "repeatLast", safety: 1, flipsSign: false } as const;

/**
 * Newton-Schulz coefficient sets by name. What each does to singular values (range on σ ≥ 1e-3, slope at 0, the band of
 * its interval) is tabulated and checked in test/matrixCoefficients.test.ts.
 */
const table: Record<CoefficientSetName, Omit<CoefficientSet, "name">> = {
  keller: {
    ...common,
    schedule: [KELLER],
    mode: "cycle",
    steps: 5,
    interval: [0.0052, 1],
    intervalKind: "measured",
    band: [0.6818, 1.1344],
    authors: "Jordan, Jin, Boza, You, Cesista, Newhouse, Bernstein",
    year: 2024,
    source:
      "kellerjordan.github.io/posts/muon; tuned for slope at 0, values oscillate in 0.68…1.13 instead of converging",
  },
  you5: {
    ...common,
    schedule: [
      [4.0848, -6.8946, 2.927],
      [3.9505, -6.3029, 2.6377],
      [3.7418, -5.5913, 2.3037],
      [2.8769, -3.1427, 1.2046],
      [2.8366, -3.0525, 1.2012],
    ],
    mode: "cycle",
    steps: 5,
    interval: [0.0062, 1],
    intervalKind: "measured",
    band: [0.9777, 1.0318],
    authors: "You Jiacheng",
    year: 2025,
    source: 'posted for modded-nanogpt; "quintic" in NVIDIA Emerging-Optimizers, "dion" in optax',
  },
  you6: {
    ...common,
    schedule: [
      [3955 / 1024, -8306 / 1024, 5008 / 1024],
      [3735 / 1024, -6681 / 1024, 3463 / 1024],
      [3799 / 1024, -6499 / 1024, 3211 / 1024],
      [4019 / 1024, -6385 / 1024, 2906 / 1024],
      [2677 / 1024, -3029 / 1024, 1162 / 1024],
      [2172 / 1024, -1833 / 1024, 682 / 1024],
    ],
    mode: "cycle",
    steps: 6,
    interval: [0.0017, 1],
    intervalKind: "measured",
    band: [0.9955, 0.9994],
    authors: "You Jiacheng",
    year: 2024,
    source: "modula-systems/modula atom.py, numerators over 1024",
  },
  polarExpress: {
    ...common,
    schedule: withSafety(polarExpressRaw, 1.01),
    steps: 5,
    safety: 1.01,
    interval: [1e-3, 1],
    intervalKind: "fitted",
    band: [0.8461, 1.1236],
    authors: "Amsel, Persson, Musco, Gower",
    year: 2025,
    source: "arXiv:2505.16932, with its safety factor 1.01",
  },
  polarExpress2pct: {
    ...common,
    schedule: [
      [8.156554524902461, -22.48329292557795, 15.878769915207462],
      [4.042929935166739, -2.808917465908714, 0.5000178451051316],
      [3.8916678022926607, -2.772484153217685, 0.5060648178503393],
      [3.285753657755655, -2.3681294933425376, 0.46449024233003106],
      [2.3465413258596377, -1.7097828382687081, 0.42323551169305323],
    ],
    steps: 5,
    safety: 1.02,
    interval: [1e-3, 1],
    intervalKind: "fitted",
    band: [0.8588, 1.1412],
    authors: "Amsel, Persson, Musco, Gower",
    year: 2025,
    source: "arXiv:2505.16932 with safety 1.02 and cushion 2, as in modded-nanogpt and microsoft/dion",
  },
  polarExpressNvidia: {
    ...common,
    schedule: [
      [8.2051, -22.9019, 16.4607],
      [4.0664, -2.8612, 0.5184],
      [3.9096, -2.8234, 0.525],
      [3.2856, -2.4153, 0.4853],
      [2.2779, -1.6198, 0.3985],
      [1.8726, -1.2307, 0.3585],
      [1.8564, -1.2132, 0.3568],
      [1.875, -1.25, 0.375],
    ],
    steps: 8,
    interval: [1e-3, 1],
    intervalKind: "fitted",
    band: [1, 1],
    authors: "Amsel, Persson, Musco, Gower",
    year: 2025,
    source:
      "arXiv:2505.16932 with safety 1.01, rounded to four decimals in NVIDIA Emerging-Optimizers; the norm is not enlarged",
  },
  cans5: {
    ...common,
    schedule: [
      [8.4703, -25.1081, 18.6293],
      [4.1828, -3.1087, 0.5806],
      [3.9619, -2.9541, 0.563],
      [3.2866, -2.4647, 0.5074],
      [2.2737, -1.6447, 0.4162],
    ],
    steps: 5,
    safety: 1.01, // ours: p(1 + 1e-5) = 2.6 and p(1.01) = 6e103
    interval: [1e-3, 1], // the first step is the best quintic there, to 1e-4
    intervalKind: "fitted",
    band: [0.8843, 1.1199],
    authors: "Grishina, Smirnov, Rakhuba",
    year: 2025,
    source:
      "arXiv:2506.10935, values as in NVIDIA Emerging-Optimizers; diverges just above σ = 1, so that the norm is enlarged by 1.01 (ours)",
  },
  aol4: {
    ...common,
    schedule: [
      [4.0098, -7.0585, 2.4635],
      [3.4585, -5.5479, 2.5959],
      [2.7573, -3.2939, 1.4254],
      [2.7215, -3.0494, 1.3169],
    ],
    mode: "cycle",
    steps: 4,
    interval: [0.02, 0.867], // of rows that AOL has scaled
    intervalKind: "measured",
    band: [0.9873, 1.082],
    requires: "aol",
    flipsSign: true, // σ in (0.884, 1] goes to about −1: a rank-one update turns around
    authors: "Boissin et al.",
    year: 2025,
    source:
      "arXiv:2512.04632 (Turbo-Muon), values as in NVIDIA Emerging-Optimizers; meant after AOL row scaling",
  },
  cubic5: {
    ...common,
    schedule: [
      [3.3656576, -3.3420992, 0],
      [2.5744352, -1.4957376, 0],
      [2.5368962, -1.431257, 0],
      [2.4418906, -1.276404, 0],
      [2.2230472, -0.963065, 0],
    ],
    mode: "cycle",
    steps: 5,
    maxSteps: 5,
    interval: [7e-3, 1], // the best cubics there, each stretched to reach 1.3, are these to all digits
    intervalKind: "fitted",
    band: [0.7741, 1.3],
    flipsSign: true, // σ > 1.0035 goes below 0
    authors: "not named in our source",
    year: 2026,
    source: "arXiv:2606.00371, values as in NVIDIA Emerging-Optimizers; saves the product A²",
  },
  deepseekV4: {
    ...common,
    schedule: [...Array<Coefficients>(8).fill(KELLER), SIMPLE, SIMPLE],
    steps: 10,
    interval: [1.2e-4, 1],
    intervalKind: "measured",
    band: [0.9999, 1.0006],
    authors: "DeepSeek-AI",
    year: 2026,
    source: "DeepSeek-V4 report, algorithm 1: 8 × keller, then 2 × simple",
  },
  cubic: {
    ...common,
    schedule: [[1.5, -0.5, 0]],
    mode: "cycle",
    steps: 15,
    interval: [0, 1],
    intervalKind: "converges",
    band: [0, 1],
    authors: "Schulz; Björck, Bowie",
    year: 1971,
    source: "the classical iteration, Björck & Bowie, SIAM J. Numer. Anal. 8(2); converges for σ < √3",
  },
  quintic: {
    ...common,
    schedule: [[15 / 8, -5 / 4, 3 / 8]],
    mode: "cycle",
    steps: 10,
    interval: [0, 1],
    intervalKind: "converges",
    band: [0, 1],
    authors: "Björck, Bowie",
    year: 1971,
    source: "the classical iteration of third order, SIAM J. Numer. Anal. 8(2)",
  },
  simple: {
    ...common,
    schedule: [SIMPLE],
    mode: "cycle",
    steps: 12,
    interval: [0, 1],
    intervalKind: "converges",
    band: [0, 1.0018],
    authors: "Dewulf, Pai, Yang, Zhang, Keigwin",
    year: 2026,
    source: "arXiv:2606.27715 (Aurora); fixed points 0, 1, √2 and p'(1) = 0",
  },
};

/** Every named set, with its name. */
export const coefficientSets = Object.fromEntries(
  Object.entries(table).map(([name, set]) => [name, { name, ...set }]),
) as Record<CoefficientSetName, CoefficientSet>;

/** The names of the coefficient sets. */
export function coefficientSetNames(): CoefficientSetName[] {
  return Object.keys(coefficientSets) as CoefficientSetName[];
}

/** The set of that name; an Error naming the nearest one otherwise. */
export function coefficientSet(name: string): CoefficientSet {
  const found = Object.entries(coefficientSets).find(([known]) => known === name);
  if (found === undefined) {
    const names = coefficientSetNames();
    throw new Error(
      `unknown coefficient set "${name}"${didYouMean(name, names)}. The sets are ${names.join(", ")}`,
    );
  }
  return found[1];
}
