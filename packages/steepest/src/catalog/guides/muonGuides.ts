import { checked, guide } from "./guide.ts";
import { blocks, scaleFree, turning } from "./sharedChecks.ts";

const lengths = checked(
  "composites",
  "⟨M, Δ⟩ is the dual norm; Frobenius lengths by formula; Neon has rank one",
  "⟨M, Δ⟩ is the dual norm, and Frobenius lengths follow their formula",
);
const muonInUscg = checked(
  "equalities",
  "muon with an exact polar factor and no scale is uSCG in the spectral norm",
);
const ends = checked("composites", "ends: f_muon(1) = muon_exact, f_neon(1) = neon, both(0) = nsgd");
const uscgInNorm = checked("composites", "each is uSCG in its norm", "It is uSCG in its norm");
const written = checked(
  "muonDefaults",
  "%s: two steps are the rule's, in float64",
  "As it comes, two steps are the rule's, written out in float64",
);
const jordan = checked("composites", "torch's is Jordan's; optax's without nesterov is Jordan's without");
const growing = checked(
  "composites",
  "spectral descent is polargrad without momentum; both grow with the gradient",
);
const keller = [
  "muon_keller",
  "muon_keller_no_nesterov",
  "muon_keller_conv",
  "muon_polar_express",
  "muon_l2_decay",
];

/** Pages of Muon, its flavours and relatives. */
export const muonGuides = {
  muon: guide(
    "Hidden weights of transformers and convolutional networks: the first method to try after AdamW, at half its state. It has two learning rates.",
    [muonInUscg, scaleFree, checked("equalities", "muon averages or sums: the same step"), written, blocks],
    keller,
  ),
  stochastic_spectral_descent: guide(
    "Without state, for small networks with large batches; the ancestor of Muon.",
    [growing],
  ),
  polargrad: guide(
    "Muon whose steps shrink with the gradient: strongly convex and low-noise problems.",
    [growing],
    ["polargrad", "mop"],
  ),
  muon_exact: guide(
    "As the reference of Muon's approximations, and for small matrices: a decomposition at every step.",
    [ends, uscgInNorm, lengths, turning],
  ),
  neon: guide("A cheap probe of the nuclear norm: rank-one steps, for which no Newton-Schulz is needed.", [
    ends,
    uscgInNorm,
    lengths,
    turning,
    checked("composites", "neon's warm start follows a slowly moving gradient better than a cold one"),
  ]),
  f_muon: guide("Where Muon amplifies noise in small singular directions: α moves towards normalised SGD.", [
    ends,
    uscgInNorm,
    lengths,
    turning,
  ]),
  f_neon: guide("Between the rank-one and the round step, without a polar factor.", [
    ends,
    uscgInNorm,
    lengths,
  ]),
  muon_moonlight: guide(
    "To replace AdamW in a tuned recipe: rate and decay carry over.",
    [checked("equalities", "moonlight's scale is a change of learning rate and decay"), written],
    ["muon_moonshot", "muon_moonshot_no_nesterov"],
  ),
  muon_torch: guide("To reproduce PyTorch's.", [jordan, written]),
  muon_optax: guide("To reproduce optax's.", [
    jordan,
    checked("composites", "optax's look-ahead mixes differently"),
    checked("muonDefaults", "muon_optax: the look-ahead's parts are corrected on their own"),
  ]),
  muon_emerging: guide("To reproduce NVIDIA's.", [written], ["muon_quintic_spectral", "muon_spectral_scale"]),
  muon_dion: guide("To reproduce microsoft/dion's, with rates that carry over between widths.", [written]),
  muon_gram: guide("Very wide or tall weights: the iteration is on the short side.", [
    checked("composites", "on the Gram matrix it is the same"),
    written,
  ]),
  muon_deepseek_v4: guide(
    "Where singular values of the step must be 1 to a thousandth: twice the iterations.",
    [written],
  ),
  muon_airbench: guide("The CIFAR-10 speedrun.", [
    checked("composites", "airbench's weights have Frobenius norm √rows before the step"),
    checked("muonDefaults", "muon_airbench: W at ‖W‖_F = √rows first, three iterations, momentum 0.6"),
  ]),
  muon_plus: guide("Muon with equal rows or columns for one more pass.", [
    checked("composites", "muon_plus without slices is muon with √(A/B); with them rows or columns are unit"),
  ]),
  muon_eq: guide("Networks in which few neurons dominate the momentum.", [
    checked(
      "composites",
      "aurora with K = 1 on tall weights is muon_eq",
      "On tall weights it is Aurora with K = 1",
    ),
  ]),
  normuon: guide(
    "Muon whose rows are too unequal: m floats more and hardly any time.",
    [
      checked(
        "composites",
        "normuon: equal rows at the first step, muon's Frobenius norm; muon where rows are equal",
      ),
    ],
    ["normuon", "normuon_dion", "normuon_nvidia"],
  ),
  aurora: guide("Tall weights, on which a semi-orthogonal step can leave neurons without any.", [
    checked("composites", "aurora: muon on square weights; UᵀU = I; rows grow equal with K"),
  ]),
  riemannian_aurora: guide("As a reference for Aurora: the exact answer, several times dearer.", [
    checked("composites", "aurora: muon on square weights; UᵀU = I; rows grow equal with K"),
  ]),
  dion: guide(
    "Distributed training of wide models: steps of rank r, with what they miss kept for later.",
    [
      checked(
        "composites",
        "dion: orthonormal of rank q, tends to the polar factor on a constant gradient, keeps what it misses",
      ),
    ],
    ["dion"],
  ),
  dion2: guide("Where Newton-Schulz is the bottleneck: a share of the rows at a step.", [
    checked("composites", "dion2 with fraction 1 is heavy-ball muon; with less only the largest slices move"),
  ]),
} as const;
