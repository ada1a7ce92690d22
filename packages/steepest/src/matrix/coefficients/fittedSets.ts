import type { CoefficientSet, Coefficients } from "./coefficientSet.ts";
import { withSafety } from "./polarExpressSchedule.ts";

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
 * Published sets whose steps are the best polynomials on the interval that the last step left (those of cubic5 stretched), without
 * their names.
 */
export const fittedSets = {
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
} as const satisfies Record<string, Omit<CoefficientSet, "name">>;
