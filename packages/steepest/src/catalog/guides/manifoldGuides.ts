import type { manifoldFamily } from "../manifoldFamily.ts";
import { checked, type Guide, guide } from "./guide.ts";

const normStays = checked(
  "control",
  "%s keeps hidden weights at their norm",
  "Hidden weights keep the norm they start with",
);
const scaleFree = checked("control", "the scale of the gradient does not matter");
const refused = checked("control", "a weight that starts at zero is refused by name");
const angle = checked("control", "the angle of a step is atan2(η√(1−c²), 1−ηc), c the cosine of W and u");
const tangentRms = checked(
  "equalities",
  "%s: the update has RMS 0.2 and is tangent, columns first",
  "The update has RMS 0.2 and is tangent, columns first",
);
const unit = checked("equalities", "mano_v2 is mano where the vectors of W are unit");
const geometry = [
  checked("manifolds", "the tangent projection is idempotent, symmetric and orthogonal to what it drops"),
  checked("manifolds", "a retraction stays on the manifold and moves along the step to first order"),
];
const retraction = checked("control", "retraction brings ‖W‖₂ to R");

/** Pages of the manifold methods and of weight control. */
export const manifoldGuides = {
  mano: guide(
    "Muon's place without a matrix product: hidden weights of large models, with AdamW's learning rate, since steps have RMS 0.2 η.",
    [
      tangentRms,
      unit,
      checked("manifolds", "columns and rows in turn differ from a fixed axis from the second step on"),
      checked(
        "manifolds",
        "retracted momentum by hand: M ← tangent part of μM + G, emitted and kept",
        "The option retractMomentum by hand",
      ),
    ],
    ["mano", "mano_nesterov"],
  ),
  mano_v2: guide(
    "The later version of Mano, in the authors' curves the better one. Not invariant to the scale of the weight.",
    [tangentRms, unit],
    ["mano_v2", "mano_v2_no_nesterov"],
  ),
  mano_simple: guide("To look at the theorem; no momentum, no decay, a fixed axis.", [
    checked(
      "manifolds",
      "the theorem's bound holds on a quadratic, %d steps",
      "The theorem's bound holds on a quadratic",
    ),
    checked("manifolds", "the lemma: ⟨G, v̂⟩ = Σ ‖Gⱼ‖ sin φⱼ"),
  ]),
  mano_v2_both: guide(
    "Both axes at every step for about twice Mano's work: steps nearer to equal rows and columns.",
    [checked("manifolds", "both axes: the vectors along the last one are unit, and one row gives the sign")],
  ),
  manifold_normalized: guide(
    "To compare geometries of the step with weights left free: oblique is Mano, the sphere normalised momentum, Stiefel a tangent Muon.",
    [
      checked("manifolds", "manifold_normalized on the oblique manifold is mano on a fixed axis"),
      ...geometry,
    ],
  ),
  rsgd: guide(
    "Problems whose solution lies on the manifold, such as eigenvectors. For language models it is a baseline only.",
    [
      checked("manifolds", "on the sphere finds the leading eigenvector of a quadratic"),
      checked("manifolds", "%s: a radial gradient moves nothing", "A radial gradient moves nothing"),
      checked("manifolds", "retraction and geodesic agree for small steps"),
      ...geometry,
    ],
  ),
  rsgd_m: guide(
    "As a baseline: the paper of Mano reports that it does not converge on a language model.",
    geometry,
  ),
  hyperball: guide(
    "Instead of weight decay, around a direction of one's choice: η is the angle of a step, and carries over between widths and depths.",
    [
      normStays,
      scaleFree,
      angle,
      checked("control", "a parallel direction moves nothing, no gradient neither"),
      refused,
    ],
    ["hyperball_sgd"],
  ),
  adam_hyperball: guide("AdamW without a decay to tune. Start from η = √(η λ) of a tuned AdamW.", [
    normStays,
    refused,
  ]),
  muon_hyperball: guide(
    "Muon without a decay to tune: hidden weights keep their norm under Muon's direction, the head under Adam's.",
    [normStays, refused],
    ["muon_hyperball"],
  ),
  sso: guide(
    "Where activations must keep their scale over width: every hidden weight has spectral norm √(dOut/dIn). Several polar factors a step.",
    [
      retraction,
      checked("control", "all singular values of the step are R"),
      checked("control", "with λ the norm drifts by η², without by η", "The spectral norm drifts by η² only"),
      checked(
        "control",
        "the step has as much of the gradient as the constraint allows, and no more than the nuclear norm",
      ),
    ],
    ["sso"],
  ),
  muon_sphere: guide(
    "SSO at Muon's price: one polar factor a step, and a norm that drifts by η between retractions.",
    [
      retraction,
      checked(
        "control",
        "with λ the norm drifts by η², without by η",
        "Without λ the norm drifts by η between retractions",
      ),
    ],
  ),
  muown: guide(
    "Muon runs whose row norms drift: magnitudes are learned apart from directions.",
    [
      checked("control", "a gradient along the rows changes magnitudes only"),
      checked("control", "without a learning rate the split reconstructs the weight"),
    ],
    ["muown"],
  ),
  mcsd: guide(
    "Weights constrained to a manifold, with the oracle of any norm for the step and no inner iteration.",
    [
      checked(
        "control",
        "a tangent direction is normalised Riemannian SGD on the sphere: mcsd with Frobenius",
        "With Frobenius norm and sphere it is Hyperball with a tangent direction",
      ),
      ...geometry,
    ],
  ),
  spel: guide(
    "Layers that are to stay orthogonal. Two polar factors a step; initialise them orthogonal.",
    [
      checked("control", "columns, here rows, are orthonormal after every step"),
      checked("control", "a gradient W·S with symmetric S moves nothing"),
    ],
    ["spel"],
  ),
  relative_update: guide(
    "To give any direction LAMB's relative step without constraining the weight.",
    [checked("control", "a relative update has the weight's norm, and 0 stays 0")],
    ["relative_update_sgd"],
  ),
  radial_brake: guide(
    "Weights that grow slowly under a fixed step length: only a part of the growth is let through.",
    [
      checked(
        "control",
        "direction %d: the share %d of the change of norm is let through",
        "The share s of the change of norm is let through, outward and inward",
      ),
    ],
    ["radial_brake_sgd"],
  ),
} as const satisfies Record<keyof typeof manifoldFamily | "mano" | "mano_v2", Guide>;
