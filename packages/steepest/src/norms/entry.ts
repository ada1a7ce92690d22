import type { Norm } from "./norm.ts";

/** One parameter of a norm that its user chooses, such as Schatten's p. */
export interface NormParameter<T extends number | boolean = number | boolean> {
  readonly kind: "number" | "integer" | "value";
  /** Allowed values as a reader understands them: `> 1`, `[0, 1]`. */
  readonly range: string;
  /** What it means and which value the norm takes by itself. */
  readonly doc: string;
  fits(given: unknown): given is T;
}

/** What docs/norms.md says of a norm, in the columns of its table. */
export interface NormRow {
  readonly value: string;
  readonly dual: string;
  readonly lmo: string;
  readonly sharp: string;
  readonly init: string;
  /** The cost of lmo. */
  readonly cost: string;
}

/** A norm under its name: everything that `createNorm`, the optimizers and docs/norms.md know of it. */
export interface NormEntry<
  Name extends string = string,
  Options extends object = object,
  Parameters = object,
> {
  /** The name for `createNorm`, the option `norm` and the command line. */
  readonly name: Name;
  /** What `create` takes besides `scale`, which every norm has, and the parameters. */
  readonly options: readonly string[];
  /** What a user gives beside the norm's name; the other options are set by the method. */
  readonly parameters: Parameters;
  /** The norm that gains and biases get beside it; absent where it takes arrays of any shape itself. */
  readonly vectors?: "euclidean" | "bias_rms" | "bias_sign";
  /** The norm that matrices get beside it; absent where it takes them itself. */
  readonly matrices?: "spectral";
  readonly row: NormRow;
  create(options?: Options): Norm;
}

type Given<Name extends string, Options extends object, Parameters> = Omit<
  NormEntry<Name, Options, Parameters>,
  "options" | "parameters"
> & {
  readonly options?: readonly (keyof Options & string)[];
  readonly parameters?: Parameters;
};

/** An entry of the list of norms; without options and parameters it takes `scale` alone. */
export function normEntry<
  const Name extends string,
  Options extends object,
  const Parameters extends { readonly [K in keyof Options]?: NormParameter } = Record<never, never>,
>(entry: Given<Name, Options, Parameters>): NormEntry<Name, Options, Parameters> {
  return { ...entry, options: entry.options ?? [], parameters: entry.parameters ?? ({} as Parameters) };
}

const numberWhere =
  (allowed: (x: number) => boolean) =>
  (given: unknown): given is number =>
    typeof given === "number" && Number.isFinite(Math.fround(given)) && allowed(given);

/** A number in a range. */
export const numberParameter = (
  range: string,
  doc: string,
  allowed: (x: number) => boolean,
): NormParameter<number> => ({ kind: "number", range, doc, fits: numberWhere(allowed) });

/** A whole number in a range. */
export const integerParameter = (
  range: string,
  doc: string,
  allowed: (x: number) => boolean,
): NormParameter<number> => ({
  kind: "integer",
  range,
  doc,
  fits: numberWhere((x) => Number.isSafeInteger(x) && allowed(x)),
});

/** true or false. */
export const flagParameter = (doc: string): NormParameter<boolean> => ({
  kind: "value",
  range: "true | false",
  doc,
  fits: (given) => typeof given === "boolean",
});
