import { numpy as np, random } from "@jax-js/jax";
import type { Tree } from "steepest";
import type { InitOptions, Model } from "../model/model.ts";
import { fitWeights } from "./fitWeights.ts";
import type { HostTensors } from "./hostTensor.ts";
import { expectTied, splitTensor } from "./splitTensor.ts";
import { type TensorSource, tensorsSource } from "./tensorSource.ts";

/**
 * The parameters of a model from a checkpoint, as float32: in the naming of Hugging Face (gpt2, llama, qwen3) or under
 * the model's own paths, as a run writes them. Tensors come from memory or one by one from a source
 * (`openSafetensors`, `safetensorsSource`), which stays open.
 *
 * GPT-2's fused and transposed weights are taken apart; of its table of positions a model with a shorter context takes
 * the first rows. A tied head that is stored again must be the embedding.
 * `take` gets each value before the next is made and says what stands for it in the tree, as in `InitOptions`: where
 * parameters live outside jax-js, whose memory does not shrink again, it never holds more than one.
 *
 * Throws `WeightsError` that names every missing, extra or mismatched tensor before any numbers are read.
 *
 * ```ts
 * const source = await openSafetensors("gpt2/");
 * const model = createLanguageModel("gpt2-124m");
 * const params = await importWeights(model, source);
 * ```
 */
export async function importWeights<P extends Tree>(
  model: Model<P>,
  tensors: TensorSource | HostTensors,
  { take = (_, value) => value }: Pick<InitOptions, "take"> = {},
): Promise<P> {
  const source = isSource(tensors) ? tensors : tensorsSource(tensors);
  const { rules, tiedHead } = fitWeights(model, source.tensors);
  const values = new Map<string, np.Array>();
  try {
    for (const rule of rules) {
      const tensor = await source.read(rule.source);
      if (tiedHead !== undefined && rule.paths[0] === tiedHead.path) {
        expectTied([rule.source, tensor], [tiedHead.source, await source.read(tiedHead.source)]);
      }
      const parts = splitTensor(rule, tensor);
      for (const parameter of rule.parameters) {
        const part = parts.get(parameter.path) ?? new Float32Array();
        values.set(parameter.path, take(parameter, np.array(part, { shape: [...parameter.shape] })));
      }
    }
    return model.init(random.key(0), {
      initialize(key, { path }) {
        key.dispose();
        return taken(values, path);
      },
      take: (_, value) => value, // computed already, or not to be
    });
  } finally {
    for (const value of values.values()) value.dispose();
  }
}

const isSource = (tensors: TensorSource | HostTensors): tensors is TensorSource =>
  "read" in tensors && typeof tensors.read === "function";

/** The value, which is no longer in the map. */
function taken(values: Map<string, np.Array>, path: string): np.Array {
  const value = values.get(path);
  if (value === undefined) throw new Error(`internal: no weight for "${path}"`);
  values.delete(path);
  return value;
}
