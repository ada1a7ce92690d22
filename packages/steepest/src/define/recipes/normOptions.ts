import { type NormName, normNames } from "../../norms/named.ts";
import { choice, nonNegative, positive, type ValuesOf, value } from "../options.ts";
import { normParameters } from "./normParameters.ts";
import { polarOptions } from "./polarOptions.ts";

/** Options that are the radius of some parameters. */
export const radiusOptions = ["radius", "embeddingRadius", "headRadius", "vectorRadius"] as const;
export type RadiusOption = (typeof radiusOptions)[number];

/** Where weights start: where the model puts them, or on the sphere of the method's norm. */
export type WeightStart = "model" | "norm";

type RadiusDefaults = Readonly<Record<RadiusOption, number>>;

/** Options that choose a norm, a radius and a start for every parameter. */
export const normChoice = (radii: RadiusDefaults, start: WeightStart = "norm") => ({
  radius: positive(
    radii.radius,
    "radius ρ of hidden weights and convolutions, or of all weights for a norm by name",
  ),
  embeddingRadius: positive(radii.embeddingRadius, "radius ρ of embeddings"),
  headRadius: positive(radii.headRadius, "radius ρ of the head, or of the table shared with it"),
  vectorRadius: positive(radii.vectorRadius, "radius ρ of gains and biases"),
  norm: choice<NormName | "byRole">(
    "byRole",
    ["byRole", ...normNames()],
    "one norm, of radius ρ, instead of Scion's. A norm of matrices sees convolutions as [dOut, rest] and embeddings " +
      "transposed; gains and biases then get bias_rms (beside sign norms bias_sign, beside unscaled ones euclidean). nuclear and f_two " +
      "take polar svd, or that many steps of Lanczos",
  ),
  transposed: value<boolean | "byRole">(
    "byRole",
    "true | false | byRole",
    "with a norm by name: whether matrices are stored [dIn, dOut]; byRole: embeddings are",
    (given) => (typeof given === "boolean" || given === "byRole" ? given : undefined),
  ),
  ...normParameters,
  initialize: choice<WeightStart>(
    start,
    ["model", "norm"],
    "where weights start: where the model puts them, or on the sphere of their norm; gains and biases are the model's",
  ),
  ...polarOptions(),
});

/** The decay that makes an unconstrained method a constrained one. */
export const ballDecay = nonNegative(
  0,
  "weight decay λ, decoupled: keeps weights within the radius ρ/λ, as a constraint would",
);

/** Scion's, of its runs on small language models: embedding and head apart. */
export const scionRadii: RadiusDefaults = { radius: 3, embeddingRadius: 1, headRadius: 10, vectorRadius: 1 };

/** All radii 1: for methods whose step size, not the radius, sets the scale. */
export const unitRadii: RadiusDefaults = { radius: 1, embeddingRadius: 1, headRadius: 1, vectorRadius: 1 };

export type NormChoiceValues = ValuesOf<ReturnType<typeof normChoice>>;
