import type { Parameter, Role } from "../../core/parameters/parameter.ts";
import { flattened } from "../../norms/flattened.ts";
import {
  createNorm,
  matrixCompanion,
  type NormName,
  type NormOptions,
  normOptions,
  vectorCompanion,
} from "../../norms/named.ts";
import type { Norm } from "../../norms/norm.ts";
import type { LayerNorm } from "../../norms/product.ts";
import { everything, type Method } from "../definition.ts";
import { type NormChoiceValues, type RadiusOption, radiusOptions, type WeightStart } from "./normOptions.ts";
import { expectParametersOf, givenParameters } from "./normParameters.ts";
import { polarFrom, polarOptions } from "./polarOptions.ts";

/** A kind of parameter with its norm and radius. */
export interface NormRule extends LayerNorm {
  /** The method's name: that of the norm, and of the kind where one norm has several rules. */
  readonly name: string;
  readonly takes: Method["takes"];
  /** The norm's name for `createNorm`. */
  readonly normName: NormName;
  /** The option that its radius is. */
  readonly radiusOption: RadiusOption;
  /** Where weights start: where the model puts them, or on the sphere of this radius. */
  readonly start: WeightStart;
  /** The weight is stored [dIn, dOut]. */
  readonly transpose: boolean;
  /** The norm sees [d0, rest]. */
  readonly flat: boolean;
}

/**
 * The rules that the options describe, the first that takes a parameter counting. By role they are those for
 * one-hot input (Pethick et al. 2025, arXiv:2502.07529, Recommendation 3.1): spectral for hidden weights and
 * convolutions, 1→RMS for embeddings, 1→∞ for the head, RMS for vectors. A norm by name is of all parameters
 * if it takes any shape; one of matrices sees convolutions as [dOut, rest] and embeddings transposed, and
 * vectors get its companion (`vectorCompanion`). A norm of convolutions leaves matrices to another
 * (`matrixCompanion`).
 *
 * Throws `OptionError` for a parameter that the norm does not have.
 */
export function normRules(values: NormChoiceValues): readonly NormRule[] {
  const rules = values.norm === "byRole" ? rulesByRole(values) : rulesByName(values.norm, values);
  const norms = values.norm === "byRole" ? rules.map(({ normName }) => normName) : [values.norm];
  expectParametersOf(values.norm, norms, values);
  return rules;
}

function rulesByRole(values: NormChoiceValues): readonly NormRule[] {
  const rule = (
    name: NormName,
    radiusOption: RadiusOption,
    roles: readonly Role[],
    transpose = false,
  ): NormRule => ruleOf(values, { name, normName: name, radiusOption, takes: forRoles(...roles), transpose });
  return [
    rule("spectral", "radius", ["hidden"]),
    rule("spectral_conv", "radius", ["conv"]),
    rule("colnorm", "embeddingRadius", ["embedding"], true),
    rule("sign_normalized", "headRadius", ["head"]),
    rule("bias_rms", "vectorRadius", vectorRoles),
  ];
}

function rulesByName(normName: NormName, values: NormChoiceValues): readonly NormRule[] {
  const { transposed } = values;
  const vectors = vectorCompanion(normName);
  const transpose = transposed === true;
  const matrices = matrixCompanion(normName);
  const rule = (name: string, takes: Method["takes"], own: Partial<RuleParts> = {}): NormRule =>
    ruleOf(values, { name, normName: matrices, takes, radiusOption: "radius", ...own });
  return [
    ...(vectors === undefined
      ? []
      : [
          rule(vectors, forRoles(...vectorRoles), { normName: vectors, radiusOption: "vectorRadius" }),
          normName !== matrices
            ? rule(normName, isStacked, { normName })
            : rule(`${normName}_conv`, isStacked, { flat: true }),
        ]),
    ...(transposed === "byRole" && normOptions(matrices).includes("transpose")
      ? [rule(`${matrices}_embedding`, forRoles("embedding"), { transpose: true })]
      : []),
    rule(matrices, everything, { transpose }),
  ];
}

/** The norm and radius of a parameter. */
export function layerNorm(rules: readonly NormRule[], parameter: Parameter): NormRule {
  const rule = rules.find(({ takes }) => takes(parameter));
  if (rule === undefined)
    throw new Error(`no norm for parameter "${parameter.path}" (role ${parameter.role})`);
  return rule;
}

const ofPolar = Object.keys(polarOptions());

/**
 * Whether a rule makes use of an option: of the radii its own, of the oracle's options those that its norm
 * has.
 */
export function ruleReads({ normName, radiusOption }: NormRule, option: string): boolean {
  if (radiusOptions.some((known) => known === option)) return option === radiusOption;
  if (!ofPolar.includes(option)) return true;
  const taken = normOptions(normName);
  return taken.includes("polar") || taken.includes("topPair");
}

const vectorRoles: readonly Role[] = ["gain", "bias"];

const forRoles =
  (...roles: readonly Role[]): Method["takes"] =>
  ({ role }) =>
    roles.includes(role);

const isStacked: Method["takes"] = ({ shape }) => shape.length > 2;

type RuleParts = Omit<NormRule, "norm" | "radius" | "start">;

function ruleOf(
  values: NormChoiceValues,
  {
    transpose = false,
    flat = false,
    ...rest
  }: Omit<RuleParts, "transpose" | "flat"> & Partial<Pick<RuleParts, "transpose" | "flat">>,
): NormRule {
  const norm = chosenNorm(rest.normName, values, transpose);
  return {
    ...rest,
    transpose,
    flat,
    radius: values[rest.radiusOption],
    start: values.initialize,
    norm: flat ? flattened(norm) : norm,
  };
}

/**
 * A named norm with the part of the options it takes. The dual norm costs one inner product with the oracle's
 * answer.
 */
function chosenNorm(name: NormName, values: NormChoiceValues, transpose: boolean): Norm {
  const all: NormOptions = {
    ...givenParameters(values),
    transpose,
    dual: "oracle",
    polar: polarFrom(values),
    ...(values.polar === "svd" ? { topPair: "svd" } : { topPair: "lanczos", steps: values.steps }),
  };
  const known = normOptions(name);
  return createNorm(
    name,
    Object.fromEntries(Object.entries(all).filter(([key]) => known.some((k) => k === key))),
  );
}
