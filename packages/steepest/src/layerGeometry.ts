import type { Parameter } from "./core/parameters/parameter.ts";
import { blockCount, readRowBlocks } from "./core/parameters/rowCuts.ts";
import { describeOptimizer } from "./createOptimizer.ts";
import { assignOne, ruleOf } from "./define/assign.ts";
import type { CommonOptions } from "./define/commonOptions.ts";
import { extras } from "./define/extras.ts";
import { frozen } from "./define/frozen.ts";
import { groupRules } from "./define/groupRules.ts";
import { layerNorm, type NormChoiceValues, normRules } from "./define/recipes/normChoice.ts";
import { flattened } from "./norms/flattened.ts";
import { createNorm, type NormName, type NormOptions, normOptions } from "./norms/named.ts";
import type { LayerNorm } from "./norms/product.ts";
import { lanczosValue } from "./optimizers/scion/lanczosValue.ts";

/** The norm a method measures the step of a parameter in, and the radius of its ball. */
export interface LayerGeometry extends LayerNorm {
  readonly normName: NormName;
}

/** The methods whose step is the oracle of one fixed norm, at unit length or times the dual norm. */
const fixedNorms: Readonly<Record<string, NormName>> = {
  clipped_gd: "frobenius",
  clipped_sign: "max",
  clipped_spectral: "operator",
  colnorm_sgd: "columns",
  f_muon: "f_star",
  f_neon: "f_two",
  lion: "max",
  muon: "operator",
  muon_airbench: "operator",
  muon_deepseek_v4: "operator",
  muon_dion: "operator",
  muon_emerging: "operator",
  muon_exact: "operator",
  muon_gram: "operator",
  muon_moonlight: "operator",
  muon_optax: "operator",
  muon_torch: "operator",
  neon: "nuclear",
  nsgd: "frobenius",
  polargrad: "operator",
  rownorm_sgd: "rownorm_input",
  signsgd: "max",
  signum: "max",
  stochastic_spectral_descent: "operator",
};

/** Polar factors nearly exact, so that a dual norm is the nuclear norm and not an oracle's. */
const precise: NormOptions = {
  dual: "oracle",
  polar: { method: "polarExpress", steps: 10 },
  topPair: "lanczos",
};

/**
 * The norm each parameter has under a method, for the monitors: that of its rule or group for the methods that take a norm
 * (the Scions, `uscg`, `scg`, `sd`, `ggnc` and their relatives), the norm whose oracle the step is for Muon and its plain
 * variants, Lion, Signum, normalised SGD and the nuclear-norm family. The radius is what the method's unit step is multiplied
 * with: an update has norm γ · radius, but for decay and an inexact oracle. Undefined for a parameter that gets another method
 * (the auxiliary AdamW), is frozen or cut into `blocks`, or has a method that is no norm's.
 *
 * ‖W‖ of spectral norms is found by 10 Lanczos steps, as `scionNorm` does. Dual norms are by the method's own oracle where it
 * takes a norm, and to about 1e-3 otherwise. Throws as `createOptimizer(name, options)` does.
 */
export function layerGeometry(
  name: string,
  options: Readonly<Record<string, unknown>> = {},
): (parameter: Parameter) => LayerGeometry | undefined {
  const definition = describeOptimizer(name);
  const {
    schedule,
    clipGlobalNorm: _c,
    skipNonFinite: _s,
    roles,
    groups,
    extras: _e,
    ...own
  } = options as CommonOptions;
  const { base, rules } = groupRules(definition, own, {
    schedule,
    roles,
    ...(groups !== undefined && { groups }),
    extras,
  });
  /** One object for all parameters of a rule, so that what is compiled of a norm serves all of them. */
  const made = new Map<string, LayerGeometry>();
  const once = (key: string, make: () => LayerGeometry): LayerGeometry => {
    const known = made.get(key) ?? make();
    made.set(key, known);
    return known;
  };
  return (parameter) => {
    const rule = ruleOf(base, rules, parameter.path);
    if (rule.methods.includes(frozen) || isCut(rule.values, parameter)) return undefined;
    const { method } = assignOne(base, rule, parameter);
    if (choosesNorm(rule.values)) {
      const chosen = normRules(rule.values);
      const found = chosen.find((one) => one.name === rule.method) ?? layerNorm(chosen, parameter);
      return once(`${rule.owner}: ${found.name}`, () => ({
        normName: found.normName,
        norm: lanczosValue(found),
        radius: found.radius,
      }));
    }
    const normName = fixedNorms[name];
    if (normName === undefined || method.name !== name) return undefined;
    const flat = parameter.shape.length > 2;
    const { norm } = once(`${rule.owner}: ${flat}`, () => {
      const plain = createNorm(normName, optionsOf(normName, rule.values));
      const seen = { norm: flat ? flattened(plain) : plain, normName, transpose: false, flat };
      return { normName, norm: lanczosValue(seen), radius: 1 };
    });
    return { normName, norm, radius: method.scale?.(parameter) ?? 1 };
  };
}

/** Whether `blocks` makes several weights of this one. */
function isCut({ blocks }: Readonly<Record<string, unknown>>, { role }: Parameter): boolean {
  const cuts = readRowBlocks(blocks);
  return (role === "hidden" || role === "conv") && cuts !== undefined && blockCount(cuts) > 1;
}

/** Whether a method's options choose norms and radii. */
function choosesNorm(
  values: Readonly<Record<string, unknown>>,
): values is NormChoiceValues & Readonly<Record<string, unknown>> {
  return "norm" in values && "embeddingRadius" in values && "initialize" in values;
}

function optionsOf(name: NormName, { alpha }: Readonly<Record<string, unknown>>): Partial<NormOptions> {
  const all: Partial<NormOptions> = { ...precise, ...(typeof alpha === "number" && { alpha }) };
  const known = normOptions(name);
  return Object.fromEntries(Object.entries(all).filter(([key]) => known.some((k) => k === key)));
}
