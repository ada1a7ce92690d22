import { didYouMean } from "../core/nearestName.ts";
import { auto } from "./auto.ts";
import { biasRms } from "./biasRms.ts";
import { biasSign } from "./biasSign.ts";
import { columns } from "./columns.ts";
import { euclidean, frobenius } from "./frobenius.ts";
import { fStar, fTwo } from "./frobeniusMixes.ts";
import { kyFanDual } from "./kyFanDual.ts";
import { l1 } from "./l1.ts";
import { max } from "./max.ts";
import type { Norm } from "./norm.ts";
import { nuclear } from "./nuclear.ts";
import type { OracleOptions } from "./oracle.ts";
import { rows } from "./rows.ts";
import { schattenP } from "./schattenP.ts";
import { sign } from "./sign.ts";
import { type DualMode, spectral } from "./spectral.ts";
import { type ConvInit, spectralConv } from "./spectralConv.ts";

/** What a named norm may be given; each takes a part of these, `normOptions(name)`. */
export interface NormOptions extends OracleOptions {
  readonly scale?: number;
  readonly transpose?: boolean;
  readonly eps?: number;
  readonly zeroInit?: boolean;
  /** bias_rms as Scion's code, over the first axis. */
  readonly compat?: boolean;
  readonly dual?: DualMode;
  readonly start?: ConvInit;
  /** Schatten's p. */
  readonly p?: number;
  /** Ky Fan's k. */
  readonly k?: number;
  /** Share of the first norm in a mix with Frobenius. */
  readonly alpha?: number;
  readonly topPair?: "svd" | "lanczos";
}

interface NamedNorm {
  readonly options: readonly (keyof NormOptions)[];
  create(options: NormOptions): Norm;
}

const oracle = ["oracle", "coefficients", "steps", "mode", "normalization", "form", "dual"] as const;

const table = {
  frobenius: { options: ["scale", "eps"], create: frobenius },
  euclidean: { options: ["scale", "eps"], create: euclidean },
  max: { options: ["scale", "zeroInit"], create: max },
  operator: {
    options: ["scale", ...oracle],
    create: (options) => spectral({ ...options, radius: "operator" }),
  },
  spectral: {
    options: ["scale", "transpose", ...oracle],
    create: (options) => spectral({ ...options, radius: "rmsToRms" }),
  },
  spectral_max: {
    options: ["scale", "transpose", ...oracle],
    create: (options) => spectral({ ...options, radius: "rmsToRmsAtLeast1" }),
  },
  spectral_2rms: {
    options: ["scale", "transpose", ...oracle],
    create: (options) => spectral({ ...options, radius: "oneHotToRms" }),
  },
  spectral_conv: { options: ["scale", "start", ...oracle], create: spectralConv },
  columns: {
    options: ["scale", "transpose", "eps"],
    create: (options) => columns({ ...options, measure: "length" }),
  },
  colnorm: {
    options: ["scale", "transpose", "eps"],
    create: (options) => columns({ ...options, measure: "rms" }),
  },
  colnorm_normalized: {
    options: ["scale", "transpose", "eps"],
    create: (options) => columns({ ...options, measure: "rmsPerInput" }),
  },
  rownorm: {
    options: ["scale", "transpose", "eps"],
    create: (options) => rows({ ...options, measure: "rmsToMax" }),
  },
  rownorm_input: {
    options: ["scale", "transpose", "eps"],
    create: (options) => rows({ ...options, measure: "length" }),
  },
  sign: {
    options: ["scale", "transpose", "zeroInit"],
    create: (options) => sign({ ...options, perInput: false }),
  },
  sign_normalized: {
    options: ["scale", "transpose", "zeroInit"],
    create: (options) => sign({ ...options, perInput: true }),
  },
  bias_rms: { options: ["scale", "eps", "zeroInit", "compat"], create: biasRms },
  bias_sign: { options: ["scale", "zeroInit"], create: biasSign },
  l1: { options: ["scale"], create: l1 },
  nuclear: { options: ["scale", "topPair", "steps"], create: nuclear },
  schatten_p: { options: ["scale", "p"], create: ({ p = 4, ...options }) => schattenP({ ...options, p }) },
  kyfan_dual_k: { options: ["scale", "k"], create: ({ k = 4, ...options }) => kyFanDual({ ...options, k }) },
  f_star: { options: ["scale", "alpha", ...oracle], create: fStar },
  f_two: { options: ["scale", "alpha", "topPair", "steps"], create: fTwo },
  auto: { options: ["scale", "transpose", ...oracle], create: auto },
} satisfies Record<string, NamedNorm>;

export type NormName = keyof typeof table;

/** The names `createNorm` knows. */
export function normNames(): NormName[] {
  return Object.keys(table) as NormName[];
}

/** The options that a named norm takes. */
export function normOptions(name: NormName | (string & {})): readonly (keyof NormOptions)[] {
  return find(name).options;
}

/**
 * The norm of that name, with Scion's scale factors where it is one of Scion's. `operator` and `columns` are the
 * plain spectral and largest-column norms; `auto` chooses by rank.
 *
 * An unknown name or option throws an Error with the nearest and the valid ones.
 */
export function createNorm(name: NormName | (string & {}), options: NormOptions = {}): Norm {
  const { options: known, create } = find(name);
  for (const option of Object.keys(options)) {
    if (!known.some((valid) => valid === option))
      throw new Error(
        `norm "${name}" has no option "${option}"${didYouMean(option, known)}. Its options are ${known.join(", ")}`,
      );
  }
  return create(options);
}

function find(name: string): NamedNorm {
  const found = Object.entries<NamedNorm>(table).find(([known]) => known === name);
  if (found === undefined)
    throw new Error(
      `unknown norm "${name}"${didYouMean(name, normNames())}. The norms are ${normNames().join(", ")}`,
    );
  return found[1];
}
