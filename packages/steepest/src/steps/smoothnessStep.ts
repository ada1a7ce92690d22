import { expectNumbers } from "../core/expectNumbers.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { inner } from "../matrix/reduce.ts";
import type { Norm } from "../norms/norm.ts";
import { mapOracle } from "./mapOracle.ts";

export interface Smoothness {
  /** L0 ≥ 0. */
  readonly l0: number;
  /** L1 ≥ 0; not both zero. */
  readonly l1: number;
}

/**
 * −t · lmo(u), layer by layer, with the step that (L0, L1)-smoothness suggests:
 *
 *   t = ‖u‖_* / (L0 + L1‖u‖_*)
 *
 * in the norm ‖·‖/radius. L1 = 0 is steepest descent of step 1/L0; L0 = 0 the conditional gradient of step 1/L1.
 * Source: Riabinin et al. 2025, arXiv:2505.13416 (Gluon); constants as our definitions read them.
 */
export function smoothnessStep(norm: Norm, radius: number, { l0, l1 }: Smoothness): StatelessTransform {
  expectNumbers("smoothnessStep", { radius }, "> 0");
  expectNumbers("smoothnessStep", { l0, l1 }, "≥ 0");
  if (l0 + l1 === 0)
    throw new RangeError("smoothnessStep: l0 and l1 must be ≥ 0 and not both 0, got 0 and 0");
  return mapOracle(norm, (u, step) => {
    const direction = step.mul(radius);
    const dual = inner(u.ref, direction.ref).neg();
    const curvature = dual.ref.mul(l1).add(l0 === 0 ? TINY : l0);
    return direction.mul(dual.div(curvature)).neg();
  });
}

/** Keeps 0/0 from happening at a zero gradient. */
const TINY = 1e-30;
