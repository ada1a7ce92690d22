import type { NormName } from "./named.ts";

const companions: Readonly<Partial<Record<NormName, NormName>>> = {
  operator: "euclidean",
  spectral: "bias_rms",
  spectral_max: "bias_rms",
  spectral_2rms: "bias_rms",
  spectral_conv: "bias_rms",
  columns: "euclidean",
  colnorm: "bias_rms",
  colnorm_normalized: "bias_rms",
  rownorm: "bias_rms",
  rownorm_input: "euclidean",
  sign: "bias_sign",
  sign_normalized: "bias_sign",
  nuclear: "euclidean",
  schatten_p: "euclidean",
  kyfan_dual_k: "euclidean",
  f_star: "euclidean",
  f_two: "euclidean",
};

/**
 * The norm that gains and biases get beside a norm of matrices: `bias_sign` beside Scion's sign norms, `bias_rms` beside its
 * others (Pethick et al. 2025, arXiv:2502.07529, tables 2 to 6), and `euclidean`, what a singular-value norm is of one
 * column, beside those without Scion's factors. Undefined for norms of arrays of any shape.
 */
export const vectorCompanion = (name: NormName): NormName | undefined => companions[name];
