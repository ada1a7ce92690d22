import { type NormName, normNames } from "../../norms/named.ts";
import { choice, nonNegative, positive, type ValuesOf, value } from "../options.ts";
import { normParameters } from "./normParameters.ts";
import { polarOptions } from "./polarOptions.ts";

interface RadiusDefaults {
  readonly radius: number;
  readonly embeddingRadius: number;
  readonly headRadius: number;
  readonly vectorRadius: number;
}

/** Options that choose a norm and a radius for every parameter. */
export const normChoice = (radii: RadiusDefaults) => ({
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
  ...polarOptions(),
});

/** The decay that makes an unconstrained method a constrained one. */
export const ballDecay = nonNegative(
  0,
  "weight decay λ, decoupled: keeps weights within the radius ρ/λ, as a constraint would",
);

/** All radii 1: for methods whose step size, not the radius, sets the scale. */
export const unitRadii: RadiusDefaults = { radius: 1, embeddingRadius: 1, headRadius: 1, vectorRadius: 1 };

export type NormChoiceValues = ValuesOf<ReturnType<typeof normChoice>>;
