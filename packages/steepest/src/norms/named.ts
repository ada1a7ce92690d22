import { didYouMean } from "../core/nearestName.ts";
import type { NormEntry, NormRow } from "./entry.ts";
import { norms } from "./list.ts";
import type { Norm } from "./norm.ts";

type Entry = (typeof norms)[number];
type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

export type NormName = Entry["name"];

/** What a named norm may be given; each takes a part of these, `normOptions(name)`. */
export type NormOptions = Intersection<NonNullable<Parameters<Entry["create"]>[0]>>;

/** The parameters of all norms that a user chooses beside the norm's name, by their names. */
export type NormParameters = Intersection<Entry["parameters"]>;

/** The names `createNorm` knows. */
export function normNames(): NormName[] {
  return norms.map(({ name }) => name);
}

/** The options that a named norm takes. */
export function normOptions(name: NormName | (string & {})): readonly (keyof NormOptions)[] {
  const { options, parameters } = find(name);
  return ["scale", ...options, ...Object.keys(parameters)] as (keyof NormOptions)[];
}

/** The parameters of all norms. */
export function normParameters(): NormParameters {
  return Object.assign({}, ...norms.map(({ parameters }) => parameters));
}

/** The row of a norm in docs/norms.md. */
export function normRow(name: NormName): NormRow {
  return find(name).row;
}

/**
 * The norm that gains and biases get beside a norm of matrices: `bias_sign` beside Scion's sign norms, `bias_rms` beside
 * its others (Pethick et al. 2025, arXiv:2502.07529, tables 2 to 6), and `euclidean`, what a singular-value norm is of one
 * column, beside those without Scion's factors. Undefined for norms of arrays of any shape.
 */
export function vectorCompanion(name: NormName): NormName | undefined {
  return entry(name).vectors;
}

/** The norm that matrices get: the norm itself, but for norms of convolutions. */
export function matrixCompanion(name: NormName): NormName {
  return entry(name).matrices ?? name;
}

/**
 * The norm of that name, with Scion's scale factors where it is one of Scion's. `operator` and `columns` are the
 * plain spectral and largest-column norms; `auto` chooses by rank.
 *
 * An unknown name or option throws an Error with the nearest and the valid ones.
 */
export function createNorm(name: NormName | (string & {}), options: NormOptions = {}): Norm {
  const known = normOptions(name);
  for (const option of Object.keys(options)) {
    if (!known.some((valid) => valid === option))
      throw new Error(
        `norm "${name}" has no option "${option}"${didYouMean(option, known)}. Its options are ${known.join(", ")}`,
      );
  }
  return find(name).create(options);
}

function find(name: string): Entry {
  const found = norms.find((entry) => entry.name === name);
  if (found === undefined)
    throw new Error(
      `unknown norm "${name}"${didYouMean(name, normNames())}. The norms are ${normNames().join(", ")}`,
    );
  return found;
}

const entry = (name: NormName): NormEntry => find(name);
