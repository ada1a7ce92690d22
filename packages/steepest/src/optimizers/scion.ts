import { conditionalGradient } from "../methods/conditionalGradient.ts";
import { unconstrainedConditionalGradient } from "../methods/unconstrainedConditionalGradient.ts";
import { createNorm, type NormName, type NormOptions, normNames, normOptions } from "../norms/named.ts";
import type { Norm } from "../norms/norm.ts";
import type { Role } from "../parameters/parameter.ts";
import { coefficientOption } from "../registry/coefficientOption.ts";
import { defineOptimizer, everything, type Method } from "../registry/definition.ts";
import { choice, flag, integer, pastWeight, positive, rate, type ValuesOf } from "../registry/options.ts";
import type { Schedule } from "../schedules/schedule.ts";

const options = {
  learningRate: rate(1e-3, "γ: the share of the ball's radius that a step moves"),
  momentum: pastWeight(0.9, "μ; the paper's α is 1 − μ"),
  radius: positive(3, "ρ of hidden weights and convolutions"),
  embeddingRadius: positive(1, "ρ of embeddings"),
  headRadius: positive(10, "ρ of the head, or of the table shared with it"),
  vectorRadius: positive(1, "ρ of gains and biases"),
  norm: choice<NormName | "byRole">(
    "byRole",
    ["byRole", ...normNames()],
    "one norm, of radius ρ, instead of Scion's",
  ),
  transposed: flag(false, "with a norm of one's own: the weight is stored [dIn, dOut], as embeddings are"),
  polar: choice("newtonSchulz", ["newtonSchulz", "svd"], "oracle of the spectral norms"),
  coefficients: coefficientOption("keller"),
  steps: integer(5, 1, "Newton-Schulz iterations"),
};

type Values = ValuesOf<typeof options>;

/** The part of the options that a norm takes. */
function norm(name: NormName, { polar, coefficients, steps }: Values, transpose = false): Norm {
  const all: NormOptions =
    polar === "svd"
      ? { oracle: "svd", transpose }
      : { oracle: "newtonSchulz", coefficients, steps, transpose };
  const known = normOptions(name);
  return createNorm(
    name,
    Object.fromEntries(Object.entries(all).filter(([key]) => known.some((k) => k === key))),
  );
}

function scionMethods(
  values: Values,
  schedule: Schedule | undefined,
  constrained: boolean,
): readonly Method[] {
  const { learningRate, momentum } = values;
  const step = constrained ? conditionalGradient : unconstrainedConditionalGradient;
  const method = (name: NormName, ball: Norm, radius: number, takes: Method["takes"]): Method => ({
    name,
    takes,
    transform: step(ball, { learningRate, momentum, radius, schedule }),
    scale: () => radius,
    // Vectors start where the model wants them: gains at one, biases at zero.
    initialize: (key, { shape }) => {
      if (shape.length >= 2) return ball.init(key, shape).mul(radius);
      key.dispose();
      return undefined;
    },
  });
  if (values.norm !== "byRole") {
    return [method(values.norm, norm(values.norm, values, values.transposed), values.radius, everything)];
  }
  const forRole =
    (...roles: Role[]): Method["takes"] =>
    ({ role }) =>
      roles.includes(role);
  return [
    method("spectral", norm("spectral", values), values.radius, forRole("hidden")),
    method("spectral_conv", norm("spectral_conv", values), values.radius, forRole("conv")),
    method("colnorm", norm("colnorm", values, true), values.embeddingRadius, forRole("embedding")),
    method("sign_normalized", norm("sign_normalized", values), values.headRadius, forRole("head")),
    method("bias_rms", norm("bias_rms", values), values.vectorRadius, forRole("gain", "bias")),
  ];
}

/**
 * Norms by role, for one-hot input (Pethick et al. 2025, Recommendation 3.1): spectral for hidden weights and
 * convolutions, 1→RMS for embeddings, 1→∞ for the head, RMS for vectors. Weights start on the ball's surface.
 * The Frobenius norm before Newton-Schulz gets no eps (the code adds 1e-7); zero stays zero all the same.
 */
export const scion = defineOptimizer({
  name: "scion",
  family: "norm-constrained",
  summary:
    "Every layer moves within a norm ball of its own: constrained, so that weights cannot grow past it.",
  formula:
    "d ← μd + (1−μ)G;  W ← (1−γ)W + γρ·lmo(d),  lmo(d) = argmin { ⟨d, U⟩ : ‖U‖ ≤ 1 } in the layer's norm",
  source: "Pethick et al. 2025, arXiv:2502.07529",
  state: "mn (0 with momentum 0)",
  options,
  recipe: (values, { schedule }) => scionMethods(values, schedule, true),
});

export const unconstrained_scion = defineOptimizer({
  name: "unconstrained_scion",
  family: "norm-constrained",
  summary: "Scion without the constraint: every step has the norm γρ, and weights may grow.",
  formula: "d ← μd + (1−μ)G;  W ← W + γρ·lmo(d),  lmo(d) = argmin { ⟨d, U⟩ : ‖U‖ ≤ 1 } in the layer's norm",
  source: "Pethick et al. 2025, arXiv:2502.07529",
  state: "mn (0 with momentum 0)",
  options,
  recipe: (values, { schedule }) => scionMethods(values, schedule, false),
});
