import { numpy as np, random } from "@jax-js/jax";
import type { Parameter } from "steepest";
import type { InitOptions } from "./model.ts";
import { StartingRows } from "./startingRows.ts";

/**
 * Starting values by path: from the optimizer where it has an opinion, else from the model. Each parameter
 * has a key of its own, so that no value depends on what the others drew. Consumes the key.
 *
 * Throws when an optimizer's value has another shape than the parameter.
 */
export function initializeParameters(
  key: np.Array,
  parameters: readonly Parameter[],
  byModel: (key: np.Array, parameter: Parameter) => np.Array | StartingRows,
  { initialize: byOptimizer, take, takeRows }: InitOptions = {},
): Map<string, np.Array> {
  const keys = random.split(key, parameters.length);
  const values = new Map<string, np.Array>();
  try {
    for (const [i, parameter] of parameters.entries()) {
      const own = (): np.Array => keys.ref.slice(i);
      const found = byOptimizer?.(own(), parameter) ?? byModel(own(), parameter);
      if (String(found.shape) !== String(parameter.shape)) {
        if (!(found instanceof StartingRows)) found.dispose();
        throw new Error(
          `initialize returned shape [${found.shape}] for "${parameter.path}", expected [${parameter.shape}]`,
        );
      }
      if (found instanceof StartingRows && takeRows !== undefined) {
        found.each((rows, from) => takeRows(parameter, rows, from));
        values.set(parameter.path, np.zeros([...parameter.shape]));
        continue;
      }
      const value = found instanceof StartingRows ? found.whole() : found;
      values.set(parameter.path, value);
      if (take === undefined) compute(value);
      else {
        values.delete(parameter.path); // no longer ours, whatever happens
        values.set(parameter.path, take(parameter, value));
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

/**
 * Computes an array now instead of at its first use. Random numbers take four times their own memory on the way,
 * and jax-js sets that aside when they are asked for: for all parameters at once, unless each is done before the
 * next begins. The memory of WebAssembly never shrinks again. What is being traced is left alone, and so is what lives
 * on another device: a synchronous read from WebGPU gave wrong values on its software adapter and lost the device.
 */
function compute(value: np.Array): void {
  if (value instanceof np.Array && value.size > 0 && value.device === "wasm")
    value.ref.reshape([-1]).slice([0, 1]).dataSync();
}
