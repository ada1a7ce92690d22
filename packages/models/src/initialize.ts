import { type numpy as np, random } from "@jax-js/jax";
import type { Parameter } from "steepest";
import type { Initialize } from "./model.ts";

/**
 * Starting values by path: from the optimizer where it has an opinion, else from the model. Each parameter
 * has a key of its own, so that no value depends on what the others drew. Consumes the key.
 *
 * Throws when an optimizer's value has another shape than the parameter.
 */
export function initializeParameters(
  key: np.Array,
  parameters: readonly Parameter[],
  byModel: (key: np.Array, parameter: Parameter) => np.Array,
  byOptimizer?: Initialize,
): Map<string, np.Array> {
  const keys = random.split(key, parameters.length);
  const values = new Map<string, np.Array>();
  try {
    for (const [i, parameter] of parameters.entries()) {
      const own = (): np.Array => keys.ref.slice(i);
      const value = byOptimizer?.(own(), parameter) ?? byModel(own(), parameter);
      values.set(parameter.path, value);
      if (String(value.shape) !== String(parameter.shape)) {
        throw new Error(
          `initialize returned shape [${value.shape}] for "${parameter.path}", expected [${parameter.shape}]`,
        );
      }
    }
    return values;
  } catch (error) {
    for (const value of values.values()) value.dispose();
    throw error;
  } finally {
    keys.dispose();
  }
}
