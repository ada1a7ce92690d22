import { normEntry } from "./entry.ts";
import { epsParameter } from "./epsParameter.ts";
import type { Norm } from "./norm.ts";
import { type SliceMeasure, type SliceOptions, sliceNorm } from "./slices.ts";

/** What a row is measured by: √dIn · length, or plain length. */
export type RowMeasure = "rmsToMax" | "length";

export interface RowsOptions extends SliceOptions {
  /** Default "rmsToMax", Scion's `rownorm`; "length" is `rownorm_input`. */
  readonly measure?: RowMeasure;
}

const names = { rmsToMax: "rownorm", length: "rownorm_input" } as const;

const measures = {
  rmsToMax: (_dOut, dIn) => ({ perLength: Math.sqrt(dIn) }),
  length: () => ({ perLength: 1 }),
} satisfies Record<RowMeasure, (dOut: number, dIn: number) => SliceMeasure>;

/**
 * The largest row of A [dOut, dIn]: `columns` of the transpose, in other measures.
 *
 *   measure "rmsToMax"  value = √dIn · maxᵢ ‖Aᵢ‖₂    dual = Σᵢ‖Gᵢ‖₂ / √dIn    lmo: Gᵢ ↦ −Gᵢ / (√dIn · ‖Gᵢ‖₂ + eps)
 *   measure "length"    value = maxᵢ ‖Aᵢ‖₂           dual = Σᵢ‖Gᵢ‖₂          lmo: Gᵢ ↦ −Gᵢ / (‖Gᵢ‖₂ + eps)
 *
 * "rmsToMax" is the operator norm RMS→∞, "length" ℓ2→∞ (for one-hot inputs). Zero rows stay zero.
 * init: Gaussian rows, each on the sphere. Cost: two passes.
 * Source: Pethick et al. 2025, arXiv:2502.07529 ("RowNorm"); eps as in LIONS-EPFL/scion.
 */
export function rows({ measure = "rmsToMax", ...options }: RowsOptions = {}): Norm {
  return sliceNorm(names[measure], "row", measures[measure], options);
}

export const rownormEntry = normEntry({
  name: "rownorm",
  options: ["transpose"],
  parameters: { eps: epsParameter },
  vectors: "bias_rms",
  row: {
    value: "√dIn·max ‖row‖₂ (RMS→max)",
    dual: "Σ‖row‖₂/√dIn",
    lmo: "each row −g/(√dIn‖g‖₂)",
    sharp: "(Σ‖row‖₂)/dIn·g/‖g‖₂ in each row",
    init: "Gaussian rows, normalised",
    cost: "2 passes",
  },
  create: (options: SliceOptions = {}) => rows({ ...options, measure: "rmsToMax" }),
});

export const rownormInputEntry = normEntry({
  name: "rownorm_input",
  options: ["transpose"],
  parameters: { eps: epsParameter },
  vectors: "euclidean",
  row: {
    value: "max ‖row‖₂ (2→max)",
    dual: "Σ‖row‖₂",
    lmo: "each row −g/‖g‖₂",
    sharp: "(Σ‖row‖₂)·g/‖g‖₂ in each row",
    init: "Gaussian rows, normalised",
    cost: "2 passes",
  },
  create: (options: SliceOptions = {}) => rows({ ...options, measure: "length" }),
});
