import { numpy as np, random } from "@jax-js/jax";
import type { Tree } from "steepest";
import type { Model } from "../model.ts";
import type { HostTensor, HostTensors } from "../safetensors/hostTensor.ts";
import { type TensorSource, tensorsSource } from "../safetensors/tensorSource.ts";
import { fitWeights } from "./fitWeights.ts";
import { transpose } from "./transpose.ts";
import { WeightsError } from "./weightsError.ts";

/**
 * The parameters of a model from a checkpoint in the naming of Hugging Face (gpt2, llama, qwen3; any other model: its
 * own paths), as float32. Tensors come from memory or one by one from a source (`openSafetensors`,
 * `safetensorsSource`), which stays open.
 *
 * GPT-2's fused and transposed weights are taken apart. A tied head that is stored again must be the embedding.
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
): Promise<P> {
  const source = isSource(tensors) ? tensors : tensorsSource(tensors);
  const { rules, tiedHead } = fitWeights(model, source.tensors);
  const values = new Map<string, np.Array>();
  try {
    for (const { source: name, parameters, transposed } of rules) {
      let data = floats(await source.read(name));
      if (tiedHead !== undefined && parameters[0]?.path === tiedHead.path) {
        expectSame(name, data, tiedHead.source, floats(await source.read(tiedHead.source)));
      }
      if (transposed) {
        const dIn = parameters[0]?.shape[1] ?? 1;
        data = transpose(data, dIn, data.length / dIn);
      }
      let start = 0;
      for (const { path, shape } of parameters) {
        const size = shape.reduce((product, side) => product * side, 1);
        values.set(path, np.array(data.slice(start, start + size), { shape: [...shape] }));
        start += size;
      }
    }
    return model.init(random.key(0), {
      initialize(key, { path }) {
        key.dispose();
        return take(values, path);
      },
    });
  } finally {
    for (const value of values.values()) value.dispose();
  }
}

const isSource = (tensors: TensorSource | HostTensors): tensors is TensorSource =>
  "read" in tensors && typeof tensors.read === "function";

/** The value, which is no longer in the map. */
function take(values: Map<string, np.Array>, path: string): np.Array {
  const value = values.get(path);
  if (value === undefined) throw new Error(`internal: no weight for "${path}"`);
  values.delete(path);
  return value;
}

function floats({ data }: HostTensor): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function expectSame(name: string, table: Float32Array, headName: string, head: Float32Array): void {
  if (head.length === table.length && head.every((value, i) => Object.is(value, table[i]))) return;
  throw new WeightsError(
    `"${headName}" differs from "${name}", but this model has one table for both: ` +
      "build it with tiedHead: false, where its family allows that",
  );
}
