import {
  type NormName,
  type NormOptions,
  type NormParameters,
  normOptions,
  normParameters as parametersOfNorms,
} from "../../norms/named.ts";
import { type Option, OptionError, type ValuesOf } from "../options.ts";

/** A parameter of some norms as an option; `own` stands for the norm's default. */
type ParameterOptions = {
  readonly [K in keyof NormParameters]: Option<Required<NormOptions>[K] | "own">;
};

/**
 * Options that go to the chosen norm, which says in its file what they are. Only norms that have them take
 * them.
 */
export const normParameters = Object.fromEntries(
  Object.entries(parametersOfNorms()).map(([name, { kind, range, doc, fits }]) => {
    const check = (given: unknown): unknown => (given === "own" || fits(given) ? given : undefined);
    return [name, { kind, default: "own", range: `${range}, or own`, doc, check }];
  }),
) as ParameterOptions;

type NormParameter = keyof ParameterOptions;
const names = Object.keys(normParameters) as NormParameter[];

/** The parameters that were given. */
export function givenParameters(values: ValuesOf<ParameterOptions>): Partial<NormOptions> {
  return Object.fromEntries(names.flatMap((name) => (values[name] === "own" ? [] : [[name, values[name]]])));
}

/** Throws `OptionError` for a parameter that none of the norms has; `chosen` is what the user called them. */
export function expectParametersOf(
  chosen: string,
  norms: readonly NormName[],
  values: ValuesOf<ParameterOptions>,
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
