import { numpy as np } from "@jax-js/jax";

import type { Coefficients } from "./coefficients/coefficientSet.ts";
import { KELLER } from "./coefficients/keller.ts";
import { iterateGram } from "./gramNewtonSchulz.ts";
import { gramRestarts } from "./gramRestarts.ts";
import { gramFlops, standardFlops } from "./newtonSchulzFlops.ts";
import { type IterationOptions, resolveNewtonSchulz } from "./newtonSchulzOptions.ts";
import { divideByNorm, normalize } from "./normalization.ts";
import { expectMatrices } from "./shape.ts";
import {
  cutStrips,
  disposeStrips,
  joinStrips,
  mapStrips,
  refStrips,
  symmetricProduct,
} from "./symmetricStrips.ts";

export type { IterationOptions } from "./newtonSchulzOptions.ts";
export { resolveNewtonSchulz } from "./newtonSchulzOptions.ts";

/** How the polynomial is applied: to X step by step, or on the small Gram matrix (`gramNewtonSchulz`). */
export type IterationForm = "auto" | "standard" | "gram";

export interface NewtonSchulzOptions extends IterationOptions {
  /**
   * Both forms are the same polynomial, up to rounding. "auto" takes the Gram form for matrices of short side 256 and more
   * where it needs fewer FLOPs: those about 1.5 times as long as short. Default "auto".
   */
  readonly form?: IterationForm;
}

const forms = ["auto", "standard", "gram"] as const satisfies readonly IterationForm[];

/** Throws for a form that does not exist; undefined is the default. */
export function expectForm(form: IterationForm | undefined): void {
  if (form === undefined || forms.includes(form)) return;
  throw new Error(`newtonSchulz: form must be auto, standard or gram, got "${String(form)}"`);
}

/** Smaller matrices take longer for their many operators than for the arithmetic. */
const GRAM_FROM = 256;

/**
 * Approximates the polar factor UVᵀ of x = UΣVᵀ by matrix products alone.
 *
 *   X ← x / ‖x‖_F            A = XXᵀ,   X ← aX + (bA + cA²)X        (a, b, c) from the schedule, `steps` times
 *
 * Each step maps every singular value by p(σ) = aσ + bσ³ + cσ⁵ and leaves the singular vectors alone. So the
 * error is that of the composed polynomial at σ/‖x‖_F: `mapSingularValue` gives it exactly. For the default
 * set it is in 0.68…1.13 for σ ≥ 0.01·‖x‖_F; float32 rounding adds 1e-6 to 1e-5, in null directions amplified by
 * the slope at 0.
 *
 * x: [..., m, n], any batch of matrices; a tall one is worked on transposed, which keeps XXᵀ small.
 * Result: the same shape and dtype; zero for zero. Consumes x. Can be traced.
 *
 * FLOPs for short side n, long side m, per matrix: steps · (4n²m + 2n³), 2n³ less for a step with c = 0; from n = 512 on
 * less, because A and A² are symmetric and only their lower blocks are computed (`newtonSchulzFlops`).
 *
 * Source: Jordan et al. 2024, kellerjordan.github.io/posts/muon; Björck & Bowie 1971.
 */
export function newtonSchulz(x: np.Array, { form = "auto", ...options }: NewtonSchulzOptions = {}): np.Array {
  expectMatrices("newtonSchulz", x);
  expectForm(form);
  const { schedule, normalization } = resolveNewtonSchulz(options);
  return iterateAs(form, normalize(x, normalization), schedule, () => gramRestarts(schedule));
}

/** The most steps that `kellerNewtonSchulz` knows the restarts of. */
export const MOST_KELLER_STEPS = 8;

/**
 * `newtonSchulz` with its defaults but for the number of steps, 1 to 8: bit for bit the same, without the code for other
 * coefficients, normalizations and forms. Consumes x.
 */
export function kellerNewtonSchulz(x: np.Array, steps: number): np.Array {
  const scaled = divideByNorm(x, { guard: "add", eps: 0, factor: 1 });
  return iterateAs("auto", scaled, Array<Coefficients>(steps).fill(KELLER), () => kellerRestarts(steps));
}

/** What `gramRestarts` finds for 1 to 8 steps with Jordan's coefficients. */
export const kellerRestarts = (steps: number): readonly number[] => (steps < 5 ? [] : [Math.ceil(steps / 2)]);

/** The iteration in a form, for an x of [..., m, n] whose singular values are at most 1 already. Consumes x. */
function iterateAs(
  form: IterationForm,
  x: np.Array,
  schedule: readonly Coefficients[],
  findRestarts: () => readonly number[],
): np.Array {
  if (form === "standard") return iterateSchedule(x, schedule);
  const { rows, columns } = expectMatrices("newtonSchulz", x);
  const restarts = findRestarts();
  const size = { rows, columns, steps: schedule.length, restarts: restarts.length };
  const gram =
    form === "gram" || (Math.min(rows, columns) >= GRAM_FROM && gramFlops(size) < standardFlops(size));
  return gram ? iterateGram(x, schedule, restarts) : iterateSchedule(x, schedule);
}

/** The iteration alone, for an x of [..., m, n] whose singular values are at most 1 already. Consumes x. */
export function iterateSchedule(x: np.Array, schedule: readonly Coefficients[]): np.Array {
  const { rows, columns } = expectMatrices("iterateSchedule", x);
  const tall = rows > columns;
  const wide = schedule.reduce(newtonSchulzStep, tall ? np.matrixTranspose(x) : x);
  return tall ? np.matrixTranspose(wide) : wide;
}

function newtonSchulzStep(x: np.Array, [a, b, c]: Coefficients): np.Array {
  const cut = cutStrips(x.ref);
  const gram = symmetricProduct(refStrips(cut), cut);
  let polynomial = gram.map((strip) => strip.ref.mul(b));
  if (c !== 0)
    polynomial = [
      ...mapStrips(
        (squared, linear) => squared.mul(c).add(linear),
        symmetricProduct(refStrips(gram), refStrips(gram)),
        polynomial,
      ),
    ];
  disposeStrips(gram);
  return np.matmul(joinStrips(polynomial), x.ref).add(x.mul(a));
}
