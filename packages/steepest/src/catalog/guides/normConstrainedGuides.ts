import type { normConstrained } from "../normConstrained.ts";
import { checked, type Guide, guide } from "./guide.ts";
import { muonGuides } from "./muonGuides.ts";
import { blocks, scaleFree, turning } from "./sharedChecks.ts";

const scionDecay = checked("equalities", "scion is unconstrained_scion plus decay 1");
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
const anyNorm = checked(
  "normOption",
  "%s: every parameter of a mixed tree moves by its norm",
  "With any norm by name every parameter of a mixed tree moves by its norm",
);
const vectorNorms = checked("composites", "colnorm_sgd and rownorm_sgd are uscg in their norms");
const nsgdEnd = checked(
  "composites",
  "ends: f_muon(1) = muon_exact, f_neon(1) = neon, both(0) = nsgd",
  "It is f_muon and f_neon at α = 0",
);

/** Pages of the norm-constrained methods, and of plain gradients. */
export const normConstrainedGuides = {
  ...muonGuides,
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
