import type { numpy as np } from "@jax-js/jax";

import { lakic } from "../matrix/lakic.ts";
import {
  createNorm,
  type NormName,
  type NormOptions,
  normNames,
  normOptions as optionsOf,
} from "../norms/named.ts";
import type { Norm } from "../norms/norm.ts";
import type { LayerNorm } from "../norms/product.ts";
import type { Parameter, Role } from "../parameters/parameter.ts";
import { coefficientOption } from "../registry/coefficientOption.ts";
import { everything, type Method } from "../registry/definition.ts";
import { choice, flag, integer, positive, type ValuesOf } from "../registry/options.ts";

interface RadiusDefaults {
  readonly radius: number;
  readonly embeddingRadius: number;
  readonly headRadius: number;
  readonly vectorRadius: number;
}

/** Options that choose a norm and a radius for every parameter. */
export const normChoice = (radii: RadiusDefaults) => ({
  radius: positive(radii.radius, "ρ of hidden weights and convolutions"),
  embeddingRadius: positive(radii.embeddingRadius, "ρ of embeddings"),
  headRadius: positive(radii.headRadius, "ρ of the head, or of the table shared with it"),
  vectorRadius: positive(radii.vectorRadius, "ρ of gains and biases"),
  norm: choice<NormName | "byRole">(
    "byRole",
    ["byRole", ...normNames()],
    "one norm, of radius ρ, instead of Scion's",
  ),
  transposed: flag(false, "with a norm of one's own: the weight is stored [dIn, dOut], as embeddings are"),
  polar: choice(
    "newtonSchulz",
    ["newtonSchulz", "svd", "lakic"],
    "oracle of the spectral norms; lakic: Scion's CIFAR example; nuclear: Lanczos, or svd",
  ),
  coefficients: coefficientOption("keller"),
  steps: integer(5, 1, "Newton-Schulz iterations"),
});

/** All radii 1: for methods whose step size, not the radius, sets the scale. */
export const unitRadii: RadiusDefaults = { radius: 1, embeddingRadius: 1, headRadius: 1, vectorRadius: 1 };

export type NormChoiceValues = ValuesOf<ReturnType<typeof normChoice>>;

/** A kind of parameter with its norm and radius. */
export interface NormRule extends LayerNorm {
  readonly name: string;
  readonly takes: Method["takes"];
}

/**
 * The rules that the options describe, the first that takes a parameter counting. By role they are those for
 * one-hot input (Pethick et al. 2025, arXiv:2502.07529, Recommendation 3.1): spectral for hidden weights and
 * convolutions, 1→RMS for embeddings, 1→∞ for the head, RMS for vectors.
 */
export function normRules(values: NormChoiceValues): readonly NormRule[] {
  const rule = (name: NormName, radius: number, takes: Method["takes"], transpose = false): NormRule => ({
    name,
    radius,
    takes,
    norm: chosenNorm(name, values, transpose),
  });
  if (values.norm !== "byRole") return [rule(values.norm, values.radius, everything, values.transposed)];
  return [
    rule("spectral", values.radius, forRoles("hidden")),
    rule("spectral_conv", values.radius, forRoles("conv")),
    rule("colnorm", values.embeddingRadius, forRoles("embedding"), true),
    rule("sign_normalized", values.headRadius, forRoles("head")),
    rule("bias_rms", values.vectorRadius, forRoles("gain", "bias")),
  ];
}

/** The norm and radius of a parameter. */
export function layerNorm(rules: readonly NormRule[], parameter: Parameter): LayerNorm {
  const rule = rules.find(({ takes }) => takes(parameter));
  if (rule === undefined)
    throw new Error(`no norm for parameter "${parameter.path}" (role ${parameter.role})`);
  return rule;
}

/** One method per norm rule, for methods that treat every layer on its own. */
export function methodPerRule(
  rules: readonly NormRule[],
  transform: (norm: Norm, radius: number) => Method["transform"],
): readonly Method[] {
  return rules.map(({ name, norm, radius, takes }) => ({
    name,
    takes,
    transform: transform(norm, radius),
    scale: () => radius,
    initialize: onSphere({ norm, radius }),
  }));
}

/** Weights start at radius · norm.init; vectors where the model wants them: gains at one, biases at zero. */
export function onSphere({ norm, radius }: LayerNorm): NonNullable<Method["initialize"]> {
  return (key, { shape }) => {
    if (shape.length >= 2) return norm.init(key, shape).mul(radius);
    key.dispose();
    return undefined;
  };
}

const forRoles =
  (...roles: Role[]): Method["takes"] =>
  ({ role }) =>
    roles.includes(role);

/** A named norm with the part of the options it takes. The dual norm costs one inner product with the oracle's answer. */
function chosenNorm(
  name: NormName,
  { polar, coefficients, steps }: NormChoiceValues,
  transpose: boolean,
): Norm {
  const shared = { transpose, dual: "oracle", topPair: polar === "svd" ? "svd" : "lanczos" } as const;
  const all: NormOptions = {
    newtonSchulz: { ...shared, oracle: "newtonSchulz" as const, coefficients, steps },
    svd: { ...shared, oracle: "svd" as const },
    lakic: { ...shared, oracle: (g: np.Array) => lakic(g, { steps }) },
  }[polar];
  const known = optionsOf(name);
  return createNorm(
    name,
    Object.fromEntries(Object.entries(all).filter(([key]) => known.some((k) => k === key))),
  );
}
