import { expectNumbers, expectWhole } from "../core/expectNumbers.ts";
import { didYouMean } from "../core/nearestName.ts";
import { type NormName, normNames } from "../norms/named.ts";

export interface DualFactorOptions {
  /** Of `schatten_p`, ≥ 1. */
  readonly p?: number;
  /** Of `kyfan_dual_k`, whole, ≥ 1. */
  readonly k?: number;
  /** Of `f_star` and `f_two`, in [0, 1]. Default 1/2. */
  readonly alpha?: number;
}

/**
 * The least ρ with ‖Y‖_* ≤ ρ ‖Y‖_F for all Y of a shape, where ‖·‖_* is the dual of a named norm of radius 1:
 * assumption A3 of The Nuclear Norm and Beyond, by which noise that is measured in the Frobenius norm enters
 * bounds in another. It is the largest dual norm of a matrix of Frobenius norm 1: 1 for frobenius and
 * nuclear, √min(m, n) for operator.
 *
 * With radius r multiply by r. Shapes are `[dOut, dIn]`, of convolutions `[dOut, dIn, kh, kw]`.
 * Throws a RangeError for a shape that is no list of whole numbers ≥ 1, an Error for an unknown name.
 */
export function dualFactor(
  norm: NormName | (string & {}),
  shape: readonly number[],
  { p = 2, k = 1, alpha = 0.5 }: DualFactorOptions = {},
): number {
  for (const size of shape) expectWhole("dualFactor", { size }, 1);
  expectNumbers("dualFactor", { p }, "> 0");
  expectWhole("dualFactor", { k }, 1);
  expectNumbers("dualFactor", { alpha }, "[0, 1]");
  const [rows = 1, ...rest] = shape;
  const columns = rest.reduce((product, size) => product * size, 1);
  const count = rows * columns;
  const rank = Math.min(rows, columns);
  const [, dIn = 1, ...kernel] = shape;
  const taps = kernel.reduce((product, size) => product * size, 1);
  const known: Readonly<Record<NormName, () => number>> = {
    frobenius: () => 1,
    euclidean: () => 1,
    l1: () => 1,
    nuclear: () => 1,
    f_two: () => 1,
    max: () => Math.sqrt(count),
    sign: () => Math.sqrt(count),
    sign_normalized: () => Math.sqrt(rows / columns),
    operator: () => Math.sqrt(rank),
    spectral: () => Math.sqrt((rank * rows) / columns),
    spectral_max: () => Math.sqrt(rank) * Math.max(1, Math.sqrt(rows / columns)),
    spectral_2rms: () => Math.sqrt(rank * rows),
    spectral_conv: () => Math.sqrt((rank * rows) / dIn) / taps,
    schatten_p: () => rank ** Math.max(0, 1 / 2 - 1 / p), // 1/q − 1/2 = 1/2 − 1/p
    kyfan_dual_k: () => Math.sqrt(Math.min(k, rank)),
    f_star: () => alpha * Math.sqrt(rank) + 1 - alpha,
    columns: () => Math.sqrt(columns),
    colnorm: () => Math.sqrt(count),
    colnorm_normalized: () => Math.sqrt(rows / columns),
    rownorm: () => Math.sqrt(rows / columns),
    rownorm_input: () => Math.sqrt(rows),
    bias_rms: () => Math.sqrt(count),
    bias_sign: () => Math.sqrt(count),
    auto: () =>
      dualFactor(shape.length < 2 ? "bias_rms" : shape.length === 2 ? "spectral" : "spectral_conv", shape),
  };
  const found = Object.entries(known).find(([name]) => name === norm);
  if (found === undefined)
    throw new Error(
      `unknown norm "${norm}"${didYouMean(norm, normNames())}. The norms are ${normNames().join(", ")}`,
    );
  return found[1]();
}

/**
 * The same for the max product of layers, ‖x‖ = max ‖W_l‖/r_l, whose dual is Σ r_l ‖G_l‖_*: the root of Σ
 * (r_l ρ_l)², by Cauchy and Schwarz. `factors` are r_l ρ_l.
 */
export const productDualFactor = (factors: readonly number[]): number => Math.hypot(...factors);
