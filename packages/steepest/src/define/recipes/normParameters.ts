import { type NormName, type NormOptions, normOptions } from "../../norms/named.ts";
import { type Option, OptionError, type ValuesOf } from "../options.ts";

/** A parameter of some norms; `own` stands for the norm's default. */
function ofNorm<T extends number | boolean>(
  kind: "number" | "integer" | "value",
  range: string,
  doc: string,
  fits: (given: unknown) => given is T,
): Option<T | "own"> {
  const check = (given: unknown): T | "own" | undefined =>
    given === "own" || fits(given) ? given : undefined;
  return { kind, default: "own", range: `${range}, or own`, doc, check };
}

const numberWhere =
  (allowed: (x: number) => boolean) =>
  (given: unknown): given is number =>
    typeof given === "number" && Number.isFinite(given) && allowed(given);

/** Options that go to the chosen norm. Only norms that have them take them. */
export const normParameters = {
  p: ofNorm(
    "number",
    "> 1",
    "schatten_p: the power of the singular values; own is 4",
    numberWhere((x) => x > 1),
  ),
  k: ofNorm(
    "integer",
    "whole, ≥ 1",
    "kyfan_dual_k: singular pairs of a step; own is 4",
    numberWhere((x) => Number.isInteger(x) && x >= 1),
  ),
  alpha: ofNorm(
    "number",
    "[0, 1]",
    "f_star, f_two: share of the first norm beside Frobenius; own is 0.5",
    numberWhere((x) => x >= 0 && x <= 1),
  ),
  eps: ofNorm(
    "number",
    "≥ 0",
    "column, row, RMS and Frobenius norms: added to lengths; own is 1e-8, for Frobenius 0",
    numberWhere((x) => x >= 0),
  ),
  compat: ofNorm(
    "value",
    "true | false",
    "bias_rms: over the first axis alone, as Scion's code; own is false",
    (given) => typeof given === "boolean",
  ),
};

type NormParameter = keyof typeof normParameters;
const names = Object.keys(normParameters) as NormParameter[];

/** The parameters that were given. */
export function givenParameters(values: ValuesOf<typeof normParameters>): Partial<NormOptions> {
  return Object.fromEntries(names.flatMap((name) => (values[name] === "own" ? [] : [[name, values[name]]])));
}

/** Throws `OptionError` for a parameter that none of the norms has; `chosen` is what the user called them. */
export function expectParametersOf(
  chosen: string,
  norms: readonly NormName[],
  values: ValuesOf<typeof normParameters>,
): void {
  const taken = names.filter((name) => norms.some((norm) => normOptions(norm).includes(name)));
  for (const name of Object.keys(givenParameters(values))) {
    if (taken.some((known) => known === name)) continue;
    throw new OptionError(
      `norm "${chosen}" has no option "${name}"; of ${names.join(", ")} it takes ${taken.join(", ") || "none"} ` +
        `(a group that inherits ${name} can give "own")`,
    );
  }
}
