import type { normConstrained } from "../../optimizers/normConstrained.ts";
import { checked, type Guide, guide } from "./guide.ts";

const scaleFree = checked(
  "equalities",
  "%s: 1e4 and 1e-4 times the gradients give the same weights",
  "1e4 and 1e-4 times the gradients give the same weights",
);
const muonInUscg = checked(
  "equalities",
  "muon with an exact polar factor and no scale is uSCG in the spectral norm",
);
const scionDecay = checked("equalities", "scion is unconstrained_scion plus decay 1");
const ends = checked("composites", "ends: f_muon(1) = muon_exact, f_neon(1) = neon, both(0) = nsgd");
const uscgInNorm = checked("composites", "each is uSCG in its norm", "It is uSCG in its norm");
const lengths = checked(
  "composites",
  "⟨M, Δ⟩ is the dual norm; Frobenius lengths by formula; Neon has rank one",
  "⟨M, Δ⟩ is the dual norm, and Frobenius lengths follow their formula",
);
const limits = checked("methods", "for rho → 0 are the scions", "For rho → 0 it is Scion");
const descends = checked(
  "leastSquares",
  "ggnc descends at every step, by what the lemma says",
  "On a quadratic it descends at every step, by what the lemma says",
);
const cgs = checked("methods", "cg is scg without momentum; uscg without momentum is ucg");
const decayIsBall = checked("equalities", "uSCG with decoupled decay λ is SCG with radius ρ/λ and step ηλ");
const decayInRegistry = checked(
  "weightDecay",
  "uscg of radius ρ is scg of radius ρ/λ and rate ηλ (%s)",
  "With decay λ and rate η, uscg of radius ρ is scg of radius ρ/λ and rate ηλ",
);
const blocks = checked(
  "rowBlocks",
  "%s %j: a fused weight moves as separate weights do",
  "With `blocks` a fused weight moves exactly as separate weights do",
);
const written = checked(
  "muonDefaults",
  "%s: two steps are the rule's, in float64",
  "As it comes, two steps are the rule's, written out in float64",
);
const anyNorm = checked(
  "normOption",
  "%s: every parameter of a mixed tree moves by its norm",
  "With any norm by name every parameter of a mixed tree moves by its norm",
);
const turning = checked(
  "oracleEqualities",
  "%s %j: Δ(PMQ) = PΔ(M)Q",
  "It turns with its gradient: Δ(PMQ) = PΔ(M)Q",
);
const jordan = checked("composites", "torch's is Jordan's; optax's without nesterov is Jordan's without");
const growing = checked(
  "composites",
  "spectral descent is polargrad without momentum; both grow with the gradient",
);
const vectorNorms = checked("composites", "colnorm_sgd and rownorm_sgd are uscg in their norms");
const keller = [
  "muon_keller",
  "muon_keller_no_nesterov",
  "muon_keller_conv",
  "muon_polar_express",
  "muon_l2_decay",
];
const nsgdEnd = checked(
  "composites",
  "ends: f_muon(1) = muon_exact, f_neon(1) = neon, both(0) = nsgd",
  "It is f_muon and f_neon at α = 0",
);

/** Pages of the norm-constrained methods, and of plain gradients. */
export const normConstrainedGuides = {
  sgd: guide(
    "Convolutional networks with tuned rates and schedules, and as the baseline. For transformers other methods need far fewer steps.",
    [checked("equalities", "steepest descent in the Frobenius norm is SGD")],
    ["sgd", "sgd_momentum", "sgd_nesterov", "sgd_dampening"],
  ),
  signsgd: guide(
    "Large batches without memory for state, or gradients compressed to a bit.",
    [checked("equalities", "signum without momentum is signsgd")],
    ["signsgd"],
  ),
  signum: guide(
    "Half of Adam's state with steps of the same size in every entry.",
    [checked("equalities", "uSCG in the max norm is signum"), scaleFree],
    ["signum", "signum_nesterov"],
  ),
  lion: guide(
    "AdamW's place with half the state. Rates 3 to 10 times lower than AdamW's, decay as much higher.",
    [checked("equalities", "lion with b1 = b2 is SCG in the max norm with radius 1/λ"), scaleFree],
    ["lion"],
  ),
  nsgd: guide(
    "Where only the length of the gradient is unreliable; the round end of the families of `f_muon` and `f_neon`.",
    [
      nsgdEnd,
      checked("oracleEqualities", "uscg in the Frobenius norm is nsgd", "It is uscg in the Frobenius norm"),
      turning,
      scaleFree,
    ],
  ),
  muon: guide(
    "Hidden weights of transformers and convolutional networks: the first method to try after AdamW, at half its state. It has two learning rates.",
    [muonInUscg, scaleFree, checked("equalities", "muon averages or sums: the same step"), written, blocks],
    keller,
  ),
  scion: guide(
    "One learning rate for all layers that carries over between widths, weights bounded by construction, one state per weight.",
    [scionDecay, blocks, scaleFree],
    ["scion_spectral", "scion_sign", "scion_colnorm", "scion_mixed"],
  ),
  unconstrained_scion: guide(
    "Scion for fine-tuning, or with a weight decay of one's own: weights start where the model puts them and may grow.",
    [scionDecay, decayInRegistry, scaleFree],
    ["uscion_spectral", "uscion_sign", "uscion_colnorm"],
  ),
  scion_light: guide(
    "Scion in loops that let gradients accumulate in place of an average.",
    [checked("methods", "is scion", "It is Scion")],
    ["scion_light", "scion_light_unconstrained"],
  ),
  unconstrained_clipped_scion: guide(
    "Unconstrained Scion with steps that shrink by themselves near a solution, so that no decay of the rate is needed.",
    [
      limits,
      checked(
        "clippedScion",
        "momentum %f: η min{1, S/rho}·r·lmo(d), S = Σ r‖d‖_*",
        "One step is η min{1, S/rho}·r·lmo(d) with S = Σ r‖d‖_*, on both sides of rho",
      ),
      checked(
        "methods",
        "for large rho the unconstrained one is steepest descent of step lr/rho",
        "For large rho it is steepest descent of step lr/rho",
      ),
    ],
  ),
  clipped_scion: guide("Scion with steps that shrink by themselves as the gap closes.", [
    limits,
    checked(
      "clippedScion",
      "momentum %f: W − η min{1, S/rho} V",
      "One step is W − η min{1, S/rho} V, on both sides of rho",
    ),
    checked("clippedScion", "by the primal norm: W − η min{1, 4S/(rho·max‖V/r‖²)} V"),
  ]),
  sd: guide(
    "Smooth problems with a known smoothness constant: steps shrink with the gradient. For noisy training a step of fixed length is better.",
    [
      checked("equalities", "steepest descent in the Frobenius norm is SGD"),
      checked("methods", "without threshold is steepest descent", "It is ggnc without threshold"),
    ],
  ),
  ucg: guide("Full or very large batches, in any norm.", [cgs, anyNorm]),
  uscg: guide(
    "To try a norm: the plainest method that trains, one state per weight. With decay it is constrained.",
    [
      cgs,
      decayIsBall,
      decayInRegistry,
      anyNorm,
      checked(
        "leastSquares",
        "uSCG of fixed step does not descend for ever",
        "With a fixed step it does not descend for ever",
      ),
    ],
  ),
  cg: guide("Deterministic problems over a norm ball.", [
    cgs,
    checked("methods", "the first open-loop step jumps to a vertex of the ball"),
  ]),
  scg: guide("To try a norm as a constraint on the weights.", [
    cgs,
    decayIsBall,
    checked(
      "oracleEqualities",
      "%s: from outside weights come in at 1 − γ a step",
      "From outside the ball weights come in at 1 − γ a step",
    ),
    checked("methods", "with b1 = b2 is scg of radius 1/λ", "Lion-K with b1 = b2 = μ is it, with radius 1/λ"),
  ]),
  ggnc: guide(
    "Where gradients vary by orders of magnitude: long ones get steps of one length, short ones steepest descent.",
    [
      checked(
        "methods",
        "in the Euclidean norm is SGD clipped by the global norm",
        "In the Euclidean norm it is SGD clipped by the global norm",
      ),
      checked("methods", "the step is γ min{ρ, ‖d‖_*} long, below, at and above the threshold"),
      descends,
    ],
  ),
  clipped_gd: guide("The classical clipping of recurrent networks, as an optimizer.", [
    checked(
      "methods",
      "in the Euclidean norm is SGD clipped by the global norm",
      "It is SGD clipped by the global norm",
    ),
  ]),
  clipped_sign: guide("Sign descent that comes to rest.", [
    checked("methods", "the step is γ min{ρ, ‖d‖_*} long, below, at and above the threshold"),
    descends,
  ]),
  clipped_spectral: guide("Muon that comes to rest.", [
    checked("methods", "the step is γ min{ρ, ‖d‖_*} long, below, at and above the threshold"),
    descends,
  ]),
  s3cg: guide("A constrained optimum that is to be reached and not circled.", [
    checked("methods", "keeps weights in the ball; the diameter's steps are the shorter ones"),
    checked("methods", "from the centre of the ball is ggnc with threshold ρβ"),
    checked("leastSquares", "the short step descends inside its ball"),
  ]),
  almond: guide("For comparison: averaging oracle answers loses against averaging gradients.", [
    checked("methods", "without momentum is ucg", "Without momentum it is ucg"),
    checked("methods", "averages no longer than the ball's radius"),
  ]),
  lion_k: guide("Lion's look-ahead in another norm.", [
    checked("methods", "in the max norm is lion", "In the max norm it is Lion"),
    checked("methods", "with b1 = b2 is scg of radius 1/λ", "With b1 = b2 it is SCG of radius 1/λ"),
    checked(
      "methods",
      "in the spectral norm with b1 = μ², b2 = μ is muon with Nesterov momentum",
      "In the spectral norm with b1 = μ², b2 = μ it is Muon with Nesterov momentum",
    ),
  ]),
  gluon: guide(
    "Where the smoothness of every layer is known; `estimateSmoothness` measures it along a run.",
    [
      checked(
        "methods",
        "with L1 = 0 is layer-wise steepest descent of step 1/L0; with L0 = 0 the conditional gradient",
        "With L1 = 0 it is layer-wise steepest descent of step 1/L0, with L0 = 0 the conditional gradient",
      ),
    ],
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
  sinkgd: guide("No state for hidden weights and no matrix product; large batches.", [
    checked("composites", "sinkgd: columns of length √m exactly, rows closer with every round, signs kept"),
    checked(
      "oracleEqualities",
      "sinkgd of a matrix with equal row and column lengths is the matrix, scaled",
      "Of a matrix with equal row and column lengths it makes the matrix, scaled",
    ),
  ]),
  rmnp: guide("Muon's place at SGD's price, where rows of the momentum are nearly orthogonal.", [
    checked("composites", "rmnp is uscg in the row norm times the shape factor"),
    checked(
      "oracleEqualities",
      "rmnp is the polar factor, hence muon, where rows are orthogonal",
      "Where rows are orthogonal it is Muon",
    ),
  ]),
  nora: guide("RMNP that only turns the rows of a weight.", [
    checked("composites", "nora: rows orthogonal to their weights, unit; rmnp where W = 0"),
    checked("oracleEqualities", "nora is rmnp where the weights' rows are orthogonal to the momentum's"),
  ]),
  colnorm_sgd: guide("The oracle of column norms without state, for all layers: embeddings above all.", [
    vectorNorms,
  ]),
  rownorm_sgd: guide("The oracle of row norms without state, for all layers.", [vectorNorms]),
  scale: guide("Least memory for a language model: momentum for the head alone.", [
    checked("oracleEqualities", "scale: momentum for the head alone, rows at RMS 1, columns of embeddings"),
    checked(
      "composites",
      "scale on hidden weights is rownorm_sgd times √dIn; columns of embeddings have RMS one",
    ),
  ]),
} as const satisfies Record<
  | keyof typeof normConstrained
  | "sgd"
  | "signsgd"
  | "signum"
  | "lion"
  | "nsgd"
  | "muon"
  | "scion"
  | "unconstrained_scion",
  Guide
>;
