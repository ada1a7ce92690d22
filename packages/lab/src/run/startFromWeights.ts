import { numpy as np } from "@jax-js/jax";
import {
  type AnyModel,
  ConfigError,
  type InitOptions,
  type SyncTensorSource,
  type Tokenizer,
  weightReader,
} from "@steepest/models";
import { openSafetensorsSync } from "@steepest/models/node";
import type { Parameter } from "steepest";

import { weightsOrigin } from "../weights/weightsOrigin.ts";

/** Entries of a tensor that are in jax-js at a time, for an engine that takes rows. */
const BLOCK = 2 ** 20;

/**
 * The model, starting from the weights of a safetensors file (or a folder with one, or with shards) instead of at random,
 * whatever the optimizer would like. Hugging Face's names for GPT-2, LLaMA and Qwen3; our own paths, as in a
 * checkpoint's `params.safetensors`, for every model. `tokenizer` makes the run's tokens.
 *
 * The files are read whenever parameters are made, one tensor after the other, and nothing is kept: neither jax-js nor
 * the process ever holds the weights besides those it trains. The memory of WebAssembly does not shrink, so that a large
 * tensor goes through it a few rows at a time where the engine takes them so (`takeRows`).
 *
 * Throws `SafetensorsError` for a missing or damaged file, `WeightsError` where the tensors are not those of the model,
 * and `ConfigError` where they are of a run on other characters.
 */
export function startFromWeights<M extends AnyModel>(model: M, path: string, tokenizer?: Tokenizer): M {
  expectCharacters(path, tokenizer);
  reading(path, (source) => weightReader(model, source)); // what does not fit is said before a run begins
  return {
    ...model,
    init(key: np.Array, { take = (_, value) => value, takeRows }: InitOptions = {}) {
      return reading(path, (source) => {
        const read = weightReader(model, source);
        const handedOver = new Set<Parameter>();
        return model.init(key, {
          initialize(own, parameter) {
            own.dispose();
            const shape = [...parameter.shape];
            const values = read(parameter.path);
            if (takeRows === undefined || values.length <= BLOCK) return np.array(values, { shape });
            eachBlock(values, shape, (rows, from) => takeRows(parameter, rows, from));
            handedOver.add(parameter);
            return np.zeros(shape);
          },
          take: (parameter, value) => (handedOver.has(parameter) ? value : take(parameter, value)),
        });
      });
    },
  };
}

function eachBlock(
  values: Float32Array,
  [rows = 1, ...rest]: readonly number[],
  take: (rows: np.Array, from: number) => void,
): void {
  const width = values.length / rows;
  const height = Math.max(1, Math.floor(BLOCK / width));
  for (let top = 0; top < rows; top += height) {
    const bottom = Math.min(top + height, rows);
    const shape = [bottom - top, ...rest];
    take(np.array(values.subarray(top * width, bottom * width), { shape }), top * width);
  }
}

function reading<T>(path: string, work: (source: SyncTensorSource) => T): T {
  const source = openSafetensorsSync(path);
  try {
    return work(source);
  } finally {
    void source.close();
  }
}

/** As many characters are not the same ones. */
function expectCharacters(path: string, tokenizer: Tokenizer | undefined): void {
  const { characters, described } = weightsOrigin(path);
  const state = tokenizer?.toJSON();
  if (characters === undefined || state?.name !== "characters" || state.characters === characters) return;
  const other = [...state.characters].find((character) => !characters.includes(character));
  throw new ConfigError(
    `the characters of this text are not those of ${described?.file}: ` +
      `${other === undefined ? `${[...characters].length} there, ${[...state.characters].length} here` : `${JSON.stringify(other)} is not among them`}; ` +
      "train on a text with the same characters, or from the start",
  );
}
