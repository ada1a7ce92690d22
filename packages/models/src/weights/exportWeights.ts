import { namedLeaves, type Parameter, type Tree } from "steepest";
import type { Model } from "../model.ts";
import type { HostTensor, HostTensors } from "../safetensors/hostTensor.ts";
import { storedShape } from "./fitWeights.ts";
import { transpose } from "./transpose.ts";
import { weightNames } from "./weightNames.ts";
import { WeightsError } from "./weightsError.ts";

/**
 * A model's parameters as the float32 tensors of a checkpoint in the naming of Hugging Face (gpt2, llama, qwen3; any
 * other model: its own paths), for `writeSafetensors` or `encodeSafetensors`. A tied head is stored once, as the
 * embedding, which is what `save_pretrained` does. Consumes the parameters.
 *
 * Throws `WeightsError` when the tree is not one of this model.
 */
export async function exportWeights<P extends Tree>(model: Model<P>, params: P): Promise<HostTensors> {
  const leaves = new Map(namedLeaves(params));
  try {
    const parameters = new Map(model.parameters.map((parameter) => [parameter.path, parameter]));
    expectTree(model.name, parameters, leaves);
    const tensors: [string, HostTensor][] = [];
    for (const rule of weightNames(model).rules) {
      const filled = rule.paths.map((path) => at(parameters, path));
      const shape = storedShape(rule, filled);
      const stacked = new Float32Array(shape.reduce((product, side) => product * side, 1));
      let start = 0;
      for (const path of rule.paths) {
        const values = await at(leaves, path).ref.data();
        stacked.set(values, start);
        start += values.length;
      }
      const [dIn = 1, dOut = 1] = shape;
      const data = rule.transposed ? transpose(stacked, dOut, dIn) : stacked;
      tensors.push([rule.name, { dtype: "float32", shape, data }]);
    }
    return Object.fromEntries(tensors);
  } finally {
    for (const leaf of leaves.values()) leaf.dispose();
  }
}

function expectTree(
  name: string,
  parameters: ReadonlyMap<string, Parameter>,
  leaves: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  for (const [path, { shape }] of parameters) {
    const leaf = leaves.get(path);
    if (leaf === undefined)
      throw new WeightsError(`these are no parameters of this ${name}: "${path}" is missing`);
    if (String(leaf.shape) !== String(shape)) {
      throw new WeightsError(
        `these are no parameters of this ${name}: "${path}" is [${leaf.shape}], expected [${shape}]`,
      );
    }
  }
  for (const path of leaves.keys()) {
    if (!parameters.has(path)) throw new WeightsError(`this ${name} has no parameter "${path}"`);
  }
}

function at<T>(values: ReadonlyMap<string, T>, path: string): T {
  const value = values.get(path);
  if (value === undefined) throw new Error(`internal: there is no "${path}"`);
  return value;
}
