import type { numpy as np } from "@jax-js/jax";
import { type AnyModel, type InitOptions, importWeights } from "@steepest/models";
import { openSafetensors } from "@steepest/models/node";
import { disposeTree, type Tree } from "steepest";

import { toArray, toHost } from "../engine/arrays.ts";

/**
 * The model, starting from the weights of a safetensors file (or a folder with one, or with shards) instead of at random,
 * whatever the optimizer would like. Hugging Face's names for GPT-2, LLaMA and Qwen3; our own paths, as in a
 * checkpoint's `params.safetensors`, for every model.
 *
 * Throws `SafetensorsError` for a missing or damaged file and `WeightsError` where the tensors are not those of the model.
 */
export async function startFromWeights<M extends AnyModel>(model: M, path: string): Promise<M> {
  const source = await openSafetensors(path);
  let params: Tree;
  try {
    params = await importWeights<Tree>(model, source);
  } finally {
    await source.close();
  }
  const weights = await toHost(params);
  disposeTree(params);
  return {
    ...model,
    init(key: np.Array, { initialize: _, ...options }: InitOptions = {}) {
      return model.init(key, {
        ...options,
        initialize(own, { path: name }) {
          own.dispose();
          const tensor = weights[name];
          if (tensor === undefined) throw new Error(`internal: no weights for "${name}"`);
          return toArray(tensor);
        },
      });
    },
  };
}
