import { simple } from "./classicalSets.ts";
import type { CoefficientSet, Coefficients } from "./coefficientSet.ts";
import { KELLER } from "./keller.ts";

const common = { mode: "repeatLast", safety: 1, flipsSign: false } as const;

/** Published sets that were tuned for speed, without their names: their values wander in a band instead of converging. */
export const tunedSets = {
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
  deepseekV4: {
    ...common,
    schedule: [...Array<Coefficients>(8).fill(KELLER), simple, simple],
    steps: 10,
    interval: [1.2e-4, 1],
    intervalKind: "measured",
    band: [0.9999, 1.0006],
    authors: "DeepSeek-AI",
    year: 2026,
    source: "DeepSeek-V4 report, algorithm 1: 8 × keller, then 2 × simple",
  },
} as const satisfies Record<string, Omit<CoefficientSet, "name">>;
