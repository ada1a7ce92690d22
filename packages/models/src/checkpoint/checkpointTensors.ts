import { storedShape } from "./fitWeights.ts";
import type { HostTensor, HostTensors } from "./hostTensor.ts";
import { transpose } from "./transpose.ts";
import { type NamedModel, weightNames } from "./weightNames.ts";
import { WeightsError } from "./weightsError.ts";

/**
 * Parameters outside jax-js, float32 by path (as `params.safetensors` of a run's checkpoint holds them), as the tensors
 * of a checkpoint in the naming of Hugging Face (gpt2, llama, qwen3; any other model: its own paths). A tied head is
 * stored once, as the embedding, which is what `save_pretrained` does. What need not be turned or joined is not copied.
 *
 * Throws `WeightsError` when these are not the parameters of this model.
 */
export function checkpointTensors(model: NamedModel, params: HostTensors): HostTensors {
  expectParameters(model, params);
  const parameters = new Map(model.parameters.map((parameter) => [parameter.path, parameter]));
  const tensors = weightNames(model).rules.map((rule): [string, HostTensor] => {
    const shape = storedShape(
      rule,
      rule.paths.map((path) => parameters.get(path) ?? unknown(path)),
    );
    const joined = join(rule.paths.map((path) => floats(path, params[path])));
    const [dIn = 1, dOut = 1] = shape;
    const data = rule.transposed ? transpose(joined, dOut, dIn) : joined;
    return [rule.name, { dtype: "float32", shape, data }];
  });
  return Object.fromEntries(tensors);
}

/** Throws `WeightsError` where paths or shapes of these leaves are not those of the model's parameters. */
export function expectParameters(
  { name, parameters }: NamedModel,
  leaves: Readonly<Record<string, { readonly shape: readonly number[] }>>,
): void {
  for (const { path, shape } of parameters) {
    const leaf = leaves[path];
    if (leaf === undefined)
      throw new WeightsError(`these are no parameters of this ${name}: "${path}" is missing`);
    if (String(leaf.shape) !== String(shape)) {
      throw new WeightsError(
        `these are no parameters of this ${name}: "${path}" is [${leaf.shape}], expected [${shape}]`,
      );
    }
  }
  const known = new Set(parameters.map(({ path }) => path));
  const extra = Object.keys(leaves).find((path) => !known.has(path));
  if (extra !== undefined) throw new WeightsError(`this ${name} has no parameter "${extra}"`);
}

function join(parts: readonly Float32Array[]): Float32Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const joined = new Float32Array(parts.reduce((size, { length }) => size + length, 0));
  let start = 0;
  for (const part of parts) {
    joined.set(part, start);
    start += part.length;
  }
  return joined;
}

function floats(path: string, tensor: HostTensor | undefined): Float32Array {
  if (tensor?.dtype === "float32") return tensor.data;
  throw new WeightsError(`parameter "${path}" is ${tensor?.dtype}, expected float32`);
}

function unknown(path: string): never {
  throw new Error(`internal: there is no "${path}"`);
}
