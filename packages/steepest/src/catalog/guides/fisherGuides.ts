import type { fisherFamily } from "../fisherFamily.ts";
import { checked, type Guide, guide } from "./guide.ts";

const adamIsRmsprop = checked(
  "equalities",
  "adam without its first average and corrections is rmsprop from the second moment's bias on",
);
const adams = checked("equalities", "adam and adamw differ in decay only");
const finite = (name: string) =>
  checked(
    "fisher",
    "%s: huge and rank-one gradients stay finite",
    `${name}: huge and rank-one gradients stay finite`,
  );
const keys = checked(
  "fisher",
  "a basis renewed every 100 steps needs three compiled steps",
  "A refresh is a static phase: two or three compiled steps, whatever K",
);
const structure = (what: string) =>
  checked(
    "structures",
    "applies its dense matrix to the power %d",
    `The step is F̃^(−1/2) of the explicit mn × mn matrix: ${what}`,
  );
const bestDiagonal = checked(
  "structures",
  "%s: for its bases the diagonal is the best",
  "For its bases the diagonal is the minimiser of ‖F̃ − F‖",
);
const trust = checked("control", "the step is η (times κ) relative to ‖W‖ whatever the gradient");

/** Pages of the Fisher family and of the diagonal methods before it. */
export const fisherGuides = {
  adam: guide(
    "Where others' settings for Adam are to be reproduced. For weight decay use `adamw`: here λ is part of the gradient.",
    [
      adamIsRmsprop,
      adams,
      checked("transforms", "adam's bias correction keeps its digits at b2 = 0.9999"),
      structure("diagonal"),
    ],
    ["adam", "adam_l2", "adam_amsgrad"],
  ),
  adamw: guide(
    "The baseline, for every kind of parameter, and the method for embeddings, head, gains and biases beside a matrix method. Its state is twice the weights.",
    [adams, structure("diagonal")],
    ["adamw"],
  ),
  rmsprop: guide(
    "Recurrent networks and reinforcement learning, where it is customary; half of Adam's state without momentum.",
    [adamIsRmsprop],
    ["rmsprop", "rmsprop_momentum_centered"],
  ),
  adagrad: guide(
    "Convex problems and sparse gradients: steps shrink as 1/√t by themselves, which for long training is too fast.",
    [checked("transforms", "%s", "Its first steps by hand")],
    ["adagrad"],
  ),
  adamax: guide(
    "Gradients with rare large entries: the scale is their recent maximum, and eps hardly matters.",
    [],
    ["adamax"],
  ),
  nadam: guide("As Adam, where momentum's look-ahead helps; costs nothing more.", [], ["nadam"]),
  radam: guide(
    "Training without a warm-up schedule. While its second moment is unreliable it is momentum SGD, whose steps grow with the gradient.",
    [],
    ["radam"],
  ),
  ademamix: guide(
    "Long runs: the average over thousands of steps pays late. Its state is three times the weights.",
    [],
    ["ademamix"],
  ),
  adafactor: guide(
    "Large embeddings and memory limits: m + n floats for a weight instead of 2mn. Steps are relative to RMS(W), so the rate is too.",
    [checked("fisher", "adafactor: squares of rank one give the sign; the clip bounds the root mean square")],
    ["adafactor", "adafactor_momentum", "adafactor_relative"],
  ),
  lamb: guide(
    "Very large batches, where every tensor must move by the same relative step.",
    [trust],
    ["lamb", "lamb_bias_correction"],
  ),
  lars: guide(
    "Very large batches for convolutional networks. Without the trust ratio, for biases and gains, it is momentum SGD.",
    [trust, checked("control", "the paper's denominator adds the norms")],
    ["lars"],
  ),
  column_normalized_sgd: guide(
    "A stateless step for hidden weights, as cheap as SGD: the baseline of everything that looks at more than columns.",
    [
      checked(
        "fisher",
        "column_normalized_sgd: columns of one length, the Fisher factor gives root mean square 1",
      ),
      structure("column blocks"),
      checked(
        "structures",
        "the diagonal contains the column blocks, and does no worse",
        "Its structure is contained in the diagonal one",
      ),
    ],
  ),
  racs: guide(
    "Least memory with a scale for rows and columns: m + n + 1 floats. Its first step is 1/(1−β) too long; the growth limiter starts there.",
    [
      checked(
        "fisher",
        "racs: the first step of squares of rank one is the sign, α times 1/√(1 − β)²; growth is limited",
      ),
      checked("structures", "five passes are near the best rank-one fit, fifty are at it"),
      finite("racs"),
    ],
  ),
  shampoo: guide(
    "Where a full Kronecker preconditioner is affordable: sides up to about a thousand, roots every 10 to 100 steps. Grafted, it takes AdamW's learning rate.",
    [
      checked("fisher", "one step of shampoo without average, ridge and grafting is the polar factor"),
      checked("fisher", "shampoo's roots by products alone are those by eigenvectors"),
      structure("Kronecker"),
      keys,
      finite("shampoo"),
    ],
    [
      "shampoo_paper",
      "shampoo_distributed",
      "shampoo_distributed_adam_graft",
      "shampoo_distributed_frequency",
    ],
  ),
  eigen_adam: guide(
    "SOAP's idea with one rotation: the shorter side only, so that wide and tall weights stay cheap.",
    [
      checked("fisher", "eigen_adam's structure without a rotation is Adam"),
      checked("fisher", "%s", "Equivariant under rotations of the rotated side; Adam is not"),
      structure("shared eigenspace"),
      bestDiagonal,
      keys,
      finite("eigen_adam"),
    ],
  ),
  adadiag: guide(
    "As Eigen-Adam without the average of GGᵀ: m² floats less. The basis is that of one gradient, so it is noisy for small batches.",
    [structure("one-sided rotated diagonal"), keys, finite("adadiag")],
  ),
  adadiag_pp: guide(
    "AdaDiag on both sides. Its bases come from a decomposition of one gradient every T steps, seldom enough to cost little.",
    [structure("rotated diagonal"), keys, finite("adadiag_pp")],
  ),
  soap: guide(
    "Where memory allows 2m² + 2n² more than Adam: the richest structure here, for every layer, without a decomposition after the first step, which only looks. One-sided for wide weights.",
    [
      checked("fisher", "soap with both sides skipped is Adam, one step later"),
      checked(
        "matrixRoots",
        "converges to the eigenvectors, sorted, and stays orthonormal",
        "The power-iteration refresh converges to the eigenvectors and stays orthonormal",
      ),
      structure("rotated diagonal"),
      bestDiagonal,
      keys,
      finite("soap"),
    ],
    ["soap", "soap_frequency", "soap_one_sided"],
  ),
  conda: guide(
    "Adam in a basis that is renewed every 2000 steps: one decomposition in a long while, one projection at every step.",
    [checked("fisher", "conda without projection is Adam"), keys, finite("conda")],
    ["conda"],
  ),
  swan: guide(
    "No state at all for hidden weights. Steps do not shrink with the gradient and nothing is averaged: large batches.",
    [
      checked(
        "fisher",
        "swan whitens: all singular values alike, whatever the scale of rows and a constant added to them",
      ),
      finite("swan"),
    ],
    ["swan"],
  ),
  alice: guide(
    "Low-rank states for wide models: rank r instead of m, with what the rank misses put back as a scaled remainder.",
    [
      checked(
        "fisher",
        "the basis stays orthonormal through switches, what was dropped lies outside it and grows by at most 1 %",
      ),
      checked("fisher", "a switch exchanges one of three directions, and the first two stay in the span"),
      finite("alice"),
    ],
  ),
  alice0: guide(
    "Alice without the r × r tracking matrix, when a basis from a single gradient is good enough.",
  ),
  psgd_kron: guide(
    "Whitening without a decomposition anywhere, for every rank of tensor; each step costs several products and a little noise.",
    [
      checked("fisher", "psgd_kron whitens: for G = A·Z with Z white the steps have covariance 1"),
      finite("psgd_kron"),
    ],
  ),
  kfac: guide(
    "Where the layers' inputs and output gradients can be captured: curvature from them instead of from gradients, and the inverse instead of its root.",
    [
      checked("fisher", "factors are those by hand, and the step is (A ⊗ B + γI)⁻¹ on the gradient"),
      checked("fisher", "the probes' gradients and the inputs make the gradient of the weight"),
      checked(
        "fisher",
        "the KL clip bounds the step, a large damping makes it G/γ, and without layers it says what it needs",
      ),
    ],
  ),
  sophia_g: guide(
    "Where a second gradient every tenth step is cheap. Without curvature it is Signum; with much of it a Newton step.",
    [
      checked(
        "fisher",
        "without curvature it is the sign of the average, with much of it the step is m/(ρBh)",
      ),
      checked("fisher", "it says what it needs, and only when it needs it"),
    ],
  ),
  ngd: guide(
    "The reference for small models: what all Fisher estimates approximate. Memory for the gradient of every example.",
    [
      checked(
        "fisher",
        "with %d examples of 6 parameters: (F + γI) times the step is the gradient",
        "(F + γI) times the step is the gradient",
      ),
    ],
  ),
} as const satisfies Record<keyof typeof fisherFamily | "adam" | "adamw" | "rmsprop" | "adagrad", Guide>;
