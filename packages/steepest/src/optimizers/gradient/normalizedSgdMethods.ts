import type { Schedule } from "../../core/schedules/schedule.ts";
import { everything, type Method } from "../../define/definition.ts";
import { flag, nonNegative, pastWeight, rate, type ValuesOf } from "../../define/options.ts";
import { biasRms } from "../../norms/biasRms.ts";
import { euclidean } from "../../norms/euclidean.ts";
import { flattened } from "../../norms/flattened.ts";
import type { Norm } from "../../norms/norm.ts";
import { unconstrainedConditionalGradient } from "../../steps/unconstrainedConditionalGradient.ts";

/** Options of `colnorm_sgd` and `rownorm_sgd`. */
export const normalizedSgdOptions = {
  learningRate: rate(1e-3, "learning rate η"),
  momentum: pastWeight(0, "momentum μ, the weight of the past"),
  weightDecay: nonNegative(0, "weight decay λ, decoupled"),
  widthAware: flag(false, "Scion's factors: √dOut per column, 1/√dIn per row, √d for vectors"),
};

/**
 * Steps in a norm of columns or rows: as it is for matrices, transposed for embeddings stored [vocab, width],
 * and in the Euclidean norm (`widthAware`: RMS) for vectors.
 */
export function normalizedSgdMethods(
  name: string,
  norm: (transpose: boolean) => Norm,
  values: ValuesOf<typeof normalizedSgdOptions>,
  schedule: Schedule | undefined,
): readonly Method[] {
  const method = (suffix: string, ball: Norm, takes: Method["takes"]): Method => ({
    name: `${name}${suffix}`,
    takes,
    transform: unconstrainedConditionalGradient(ball, { ...values, schedule }),
  });
  const vector = values.widthAware ? biasRms() : euclidean({ eps: 1e-8 });
  return [
    method("_embedding", norm(true), ({ role }) => role === "embedding"),
    method("", flattened(norm(false)), ({ shape }) => shape.length >= 2),
    method("_vector", vector, everything),
  ];
}
