import { expectNumbers } from "../core/expectNumbers.ts";
/** A decoupled weight decay as the user writes it: x ← (1 − ηλ)x + η·ρ₀·lmo(d). */
export interface DecayForm {
  /** η > 0. */
  readonly learningRate: number;
  /** λ > 0. */
  readonly weightDecay: number;
  /** ρ₀ > 0, the radius of the oracle. Default 1. */
  readonly radius?: number;
}

/** The same step as a conditional gradient: x ← (1 − γ)x + γρ·lmo(d). */
export interface ConstrainedForm {
  /** γ in (0, 1]. */
  readonly step: number;
  /** ρ > 0: weights end in ‖x‖ ≤ ρ and stay there. */
  readonly radius: number;
}

/**
 * The ball that weight decay keeps weights in: γ = ηλ and ρ = ρ₀/λ.
 *
 * Throws a RangeError unless all are positive and ηλ ≤ 1; without decay there is no ball.
 * Source: Pethick et al. 2025, arXiv:2502.07529, section 3.
 */
export function impliedConstraint({ learningRate, weightDecay, radius = 1 }: DecayForm): ConstrainedForm {
  expectNumbers("impliedConstraint", { learningRate, weightDecay, radius }, "> 0");
  const step = learningRate * weightDecay;
  if (step > 1)
    throw new RangeError(`impliedConstraint: learningRate · weightDecay must be at most 1, got ${step}`);
  return { step, radius: radius / weightDecay };
}

/** The learning rate and decay of a conditional gradient: λ = ρ₀/ρ and η = γ/λ, for an oracle of radius ρ₀ (1). */
export function impliedDecay(
  { step, radius }: ConstrainedForm,
  { oracleRadius = 1 }: { oracleRadius?: number } = {},
): Required<DecayForm> {
  expectNumbers("impliedDecay", { step, radius, oracleRadius }, "> 0");
  if (step > 1) throw new RangeError(`impliedDecay: step must be at most 1, got ${step}`);
  const weightDecay = oracleRadius / radius;
  return { learningRate: step / weightDecay, weightDecay, radius: oracleRadius };
}
