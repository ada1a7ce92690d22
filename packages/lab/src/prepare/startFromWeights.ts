import { numpy as np } from "@jax-js/jax";
import {
  type AnyModel,
  ConfigError,
  type InitOptions,
  rowExtents,
  StartingRows,
  type SyncTensorSource,
  type Tokenizer,
  weightReader,
} from "@steepest/models";
import { openSafetensorsSync } from "@steepest/models/node";
import { disposeTree, namedLeaves, type Tree, unflattenLike } from "steepest";

import { weightsOrigin } from "../plan/weights/weightsOrigin.ts";

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
    init(key: np.Array, options: InitOptions = {}) {
      return reading(path, (source) => {
        const read = weightReader(model, source);
        if (model.kind === "problem") return replaced(model.init(key), read);
        return model.init(key, {
          ...options,
          initialize(own, { path: name, shape }) {
            own.dispose();
            const values = read(name);
            return options.takeRows ? rowsOf(values, shape) : np.array(values, { shape: [...shape] });
          },
        });
      });
    },
  };
}

/** The same structure with other values: problems begin where they say, whatever `initialize` would like. Consumes the tree. */
function replaced(start: Tree, read: (name: string) => Float32Array): Tree {
  const values = namedLeaves(start).map(([name, { shape }]): [string, np.Array] => [
    name,
    np.array(read(name), { shape: [...shape] }),
  ]);
  const moved = unflattenLike(start, Object.fromEntries(values));
  disposeTree(start);
  return moved;
}

/** Values that are outside jax-js, and go through it a few rows at a time. */
const rowsOf = (values: Float32Array, whole: readonly number[]): StartingRows =>
  new StartingRows(whole, function* () {
    for (const { from, shape } of rowExtents(whole)) {
      const size = shape.reduce((a, b) => a * b, 1);
      yield np.array(values.subarray(from, from + size), { shape });
    }
  });

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
      "leave --tokenizer out, which takes those of the weights, or train from the start",
  );
}
