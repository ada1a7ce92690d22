import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { flag } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import {
  muonOptions,
  orthogonalizeBy,
  type PolarDefaults,
  type StepDefaults,
  stepMethod,
  stepOptions,
} from "../../define/recipes/muonRecipe.ts";
import { polarExpressRaw } from "../../matrix/coefficients/named.ts";
import { withSafety } from "../../matrix/coefficients/polarExpressSchedule.ts";
import { nuclearScaled } from "../../transforms/nuclearScaled.ts";

// Muon as others ship it: the same recipe with their defaults. Codes that leave embeddings, head and vectors to the
// user get AdamW for them here, at the method's own rate and decay.

interface Flavour {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly when: string;
  readonly golden?: readonly string[];
  readonly defaults: StepDefaults & PolarDefaults;
  readonly auxiliary?: Parameters<typeof auxiliaryOptions>[0];
  readonly epsBeforeCorrection?: boolean;
}

const same = { learningRate: "same", weightDecay: "same", eps: 1e-8 } as const;

const flavour = ({
  name,
  summary,
  source,
  when,
  golden,
  defaults,
  auxiliary = same,
  epsBeforeCorrection,
}: Flavour) =>
  defineMatrixOptimizer({
    name,
    family: "norm-constrained",
    summary,
    formula: `${
      defaults.momentumForm === "ema" ? "M ← μM + (1−μ)G" : "M ← μM + G"
    };  O ≈ polar(M, or the look-ahead);  W ← (1−ηλ)W − η·scale·O`,
    source,
    state: "mn for hidden weights, 2mn for the rest",
    geometry: "spectral norm",
    computation: "O(m²n·T)",
    when,
    ...(golden && { golden }),
    options: { ...muonOptions(defaults), ...auxiliaryOptions(auxiliary) },
    recipe: (values, { schedule }) => [
      stepMethod(name, orthogonalizeBy(values), values, schedule),
      auxiliaryAdamW(values, schedule, { epsBeforeCorrection: epsBeforeCorrection ?? false }),
    ],
  });

export const muonMoonlight = flavour({
  name: "muon_moonlight",
  summary: "Muon with updates of AdamW's usual size, so that AdamW's learning rate and decay carry over.",
  when: "To replace AdamW in a tuned recipe: rate and decay carry over.",
  golden: ["muon_moonshot", "muon_moonshot_no_nesterov"],
  source: "Liu et al. 2025, arXiv:2502.16982; MoonshotAI/Moonlight",
  defaults: {
    learningRate: 1e-3,
    nesterov: true,
    momentumForm: "sum",
    weightDecay: 0.1,
    scale: "moonlight",
    normalization: "keller",
  },
  epsBeforeCorrection: true,
});

/** torch refuses all but matrices; `scale: "moonlight"` is its "match_rms_adamw". */
export const muonTorch = flavour({
  name: "muon_torch",
  summary: "Muon as in torch.optim, with Keller Jordan's shape factor and decay 0.1.",
  when: "To reproduce PyTorch's.",
  source: "pytorch torch/optim/_muon.py",
  defaults: {
    learningRate: 1e-3,
    nesterov: true,
    momentumForm: "ema",
    weightDecay: 0.1,
    scale: "shape",
    normalization: "torch",
  },
});

const optax = {
  learningRate: 0.02,
  nesterov: true,
  momentumForm: "ema",
  weightDecay: 0,
  scale: "shape",
  normalization: "optax",
} as const;

/** There the rate has no default, and with nesterov the auxiliary method is NAdam; here it is AdamW. */
export const muonOptax = defineMatrixOptimizer({
  name: "muon_optax",
  family: "norm-constrained",
  summary: "Muon as in optax, whose bias-corrected look-ahead makes the first directions differ.",
  formula:
    "M ← μM + (1−μ)G;  O ≈ polar(M, or the look-ahead U), times ⟨O, U⟩ if adaptive;  W ← (1−ηλ)W − η·scale·O",
  source: "google-deepmind/optax contrib/_muon.py",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral norm",
  computation: "O(m²n·T)",
  when: "To reproduce optax's.",
  options: {
    ...muonOptions(optax),
    biasCorrection: { ...stepOptions(optax).biasCorrection, default: true },
    adaptive: flag(
      false,
      "O times ⟨O, U⟩, about the nuclear norm: steps shrink with the gradient, as polargrad's",
    ),
    ...auxiliaryOptions({ ...same, b2: 0.999 }),
  },
  recipe(values, { schedule }) {
    const polar = orthogonalizeBy(values);
    const direction = values.adaptive ? nuclearScaled(polar) : polar;
    return [stepMethod("muon_optax", direction, values, schedule), auxiliaryAdamW(values, schedule)];
  },
});

/** There is an extra factor, 0.2 to match Adam: `extraScale`. */
export const muonEmerging = flavour({
  name: "muon_emerging",
  summary: "Muon as in NVIDIA Emerging-Optimizers: no look-ahead, You's coefficients, updates of RMS one.",
  when: "To reproduce NVIDIA's.",
  golden: ["muon_quintic_spectral", "muon_spectral_scale"],
  source: "NVIDIA-NeMo/Emerging-Optimizers muon.py",
  defaults: {
    learningRate: 3e-4,
    nesterov: false,
    momentumForm: "ema",
    weightDecay: 0.01,
    scale: "spectral",
    coefficients: "you5",
    normalization: "nvidia",
  },
});

/** ‖U‖_F is enlarged by 1.02; their eps of 1e-8 beside it is left out. */
export const muonDion = flavour({
  name: "muon_dion",
  summary: "Muon as in microsoft/dion: Polar Express, and the same RMS→RMS norm of a step for all shapes.",
  when: "To reproduce microsoft/dion's, with rates that carry over between widths.",
  source: "microsoft/dion dion/muon.py",
  defaults: {
    learningRate: 0.01,
    nesterov: false,
    momentumForm: "sum",
    weightDecay: 0.01,
    scale: "rms",
    coefficients: "polarExpress2pct",
  },
});

/** Polar Express with safety 1.05 on all five steps, restart after the second (Zhang et al. 2026). */
const gramCoefficients = withSafety(polarExpressRaw, 1.05).slice(0, 5);

export const muonGram = flavour({
  name: "muon_gram",
  summary: "Muon that iterates on the small Gram matrix: cheaper for wide and tall weights.",
  when: "Very wide or tall weights: the iteration is on the short side.",
  source: "Zhang, Amsel, Chen & Dao 2026, Dao-AILab/gram-newton-schulz",
  defaults: {
    learningRate: 1e-3,
    nesterov: true,
    momentumForm: "sum",
    weightDecay: 0.1,
    scale: "moonlight",
    polar: "gram",
    coefficients: gramCoefficients,
    normalization: "keller",
  },
});

/** Its rate is AdamW's. */
export const muonDeepseekV4 = flavour({
  name: "muon_deepseek_v4",
  summary: "Muon with ten steps that end in convergence: singular values of one within 0.1 %.",
  when: "Where singular values of the step must be 1 to a thousandth: twice the iterations.",
  source: "DeepSeek-V4 report, Algorithm 1 (read in translation)",
  defaults: {
    learningRate: 3e-4,
    nesterov: true,
    momentumForm: "sum",
    weightDecay: 0.1,
    scale: "moonlight",
    extraScale: 0.9, // 0.18·√max(A, B)
    coefficients: "deepseekV4",
    steps: 10,
  },
});
