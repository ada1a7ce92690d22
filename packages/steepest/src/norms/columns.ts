import { normEntry } from "./entry.ts";
import { epsParameter } from "./epsParameter.ts";
import type { Norm } from "./norm.ts";
import { type SliceMeasure, type SliceOptions, sliceNorm } from "./slices.ts";

/** What a column is measured by: RMS, RMS · dIn, or plain length. */
export type ColumnMeasure = "rms" | "rmsPerInput" | "length";

export interface ColumnsOptions extends SliceOptions {
  /** Default "rms", Scion's `colnorm`; "rmsPerInput" is `colnorm_normalized`. */
  readonly measure?: ColumnMeasure;
}

const names = { rms: "colnorm", rmsPerInput: "colnorm_normalized", length: "columns" } as const;

const measures = {
  rms: (dOut) => ({ perLength: 1 / Math.sqrt(dOut) }),
  rmsPerInput: (dOut, dIn) => ({ perLength: 1 / Math.sqrt(dOut), after: dIn }),
  length: () => ({ perLength: 1 }),
} satisfies Record<ColumnMeasure, (dOut: number, dIn: number) => SliceMeasure>;

/**
 * The largest column of A [dOut, dIn]: the operator norm ℓ1→RMS, for layers fed one input at a time.
 *
 *   measure "rms"          value = maxⱼ ‖Aⱼ‖₂/√dOut      dual = √dOut · Σⱼ‖Gⱼ‖₂      lmo: Gⱼ ↦ −Gⱼ / (rms(Gⱼ) + eps)
 *   measure "rmsPerInput"  value · dIn                   dual / dIn                  lmo / dIn
 *   measure "length"       value = maxⱼ ‖Aⱼ‖₂            dual = Σⱼ‖Gⱼ‖₂              lmo: Gⱼ ↦ −Gⱼ / (‖Gⱼ‖₂ + eps)
 *
 * Zero columns stay zero. A column far below eps, a token that has not occurred for long, fades to a zero step.
 * init: Gaussian columns, each on the sphere. Cost: two passes.
 * Source: Pethick et al. 2025, arXiv:2502.07529 ("ColNorm"); eps as in LIONS-EPFL/scion.
 */
export function columns({ measure = "rms", ...options }: ColumnsOptions = {}): Norm {
  return sliceNorm(names[measure], "column", measures[measure], options);
}

export const columnsEntry = normEntry({
  name: "columns",
  options: ["transpose"],
  parameters: { eps: epsParameter },
  vectors: "euclidean",
  row: {
    value: "max ‖column‖₂",
    dual: "Σ‖column‖₂",
    lmo: "each column −g/‖g‖₂",
    sharp: "(Σ‖column‖₂)·g/‖g‖₂ in each column",
    init: "Gaussian columns, normalised",
    cost: "2 passes",
  },
  create: (options: SliceOptions = {}) => columns({ ...options, measure: "length" }),
});

export const colnormEntry = normEntry({
  name: "colnorm",
  options: ["transpose"],
  parameters: { eps: epsParameter },
  vectors: "bias_rms",
  row: {
    value: "max RMS(column) (1→RMS)",
    dual: "√dOut·Σ‖column‖₂",
    lmo: "each column −√dOut·g/‖g‖₂",
    sharp: "dOut·(Σ‖column‖₂)·g/‖g‖₂ in each column",
    init: "Gaussian columns, normalised",
    cost: "2 passes",
  },
  create: (options: SliceOptions = {}) => columns({ ...options, measure: "rms" }),
});

export const colnormNormalizedEntry = normEntry({
  name: "colnorm_normalized",
  options: ["transpose"],
  parameters: { eps: epsParameter },
  vectors: "bias_rms",
  row: {
    value: "dIn·(colnorm)",
    dual: "(colnorm)/dIn",
    lmo: "(colnorm)/dIn",
    sharp: "(colnorm)/dIn²",
    init: "Gaussian columns, normalised",
    cost: "2 passes",
  },
  create: (options: SliceOptions = {}) => columns({ ...options, measure: "rmsPerInput" }),
});
