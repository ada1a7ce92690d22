import { namedLeaves, type Tree } from "steepest";
import type { Model } from "../model/model.ts";
import { checkpointTensors, expectParameters } from "./checkpointTensors.ts";
import type { HostTensor, HostTensors } from "./hostTensor.ts";
import { WeightsError } from "./weightsError.ts";

/**
 * A model's parameters as the float32 tensors of a checkpoint in the naming of Hugging Face (gpt2, llama, qwen3; any
 * other model: its own paths), for `writeSafetensors` or `encodeSafetensors`. A tied head is stored once, as the
 * embedding, which is what `save_pretrained` does. Consumes the parameters.
 *
 * Throws `WeightsError` when the tree is not one of this model.
 */
export async function exportWeights<P extends Tree>(model: Model<P>, params: P): Promise<HostTensors> {
  const leaves = namedLeaves(params);
  try {
    expectParameters(model, Object.fromEntries(leaves));
    const copied: [string, HostTensor][] = [];
    for (const [path, leaf] of leaves) {
      const data = await leaf.ref.data();
      if (!(data instanceof Float32Array))
        throw new WeightsError(`parameter "${path}" is ${leaf.dtype}, expected float32`);
      copied.push([path, { dtype: "float32", shape: leaf.shape, data }]);
    }
    return checkpointTensors(model, Object.fromEntries(copied));
  } finally {
    for (const [, leaf] of leaves) leaf.dispose();
  }
}
