import type { numpy as np } from "@jax-js/jax";
import type { Parameter, Role } from "steepest";
import type { FullGpt2Config } from "./gpt2Config.ts";

/** The tree of a GPT-2. The head is `embedding` read twice. */
export type Gpt2Tree<T> = {
  embedding: T;
  positions: T;
  blocks: Gpt2Block<T>[];
  finalGain: T;
  finalBias: T;
};

export type Gpt2Block<T> = { attention: Gpt2Attention<T>; feedForward: Gpt2FeedForward<T> };

/** `gain` and `bias` are those of the LayerNorm before it. */
export type Gpt2Attention<T> = {
  gain: T;
  bias: T;
  query: T;
  queryBias: T;
  key: T;
  keyBias: T;
  value: T;
  valueBias: T;
  out: T;
  outBias: T;
};

/** `gain` and `bias` are those of the LayerNorm before it. */
export type Gpt2FeedForward<T> = { gain: T; bias: T; up: T; upBias: T; down: T; downBias: T };

export type Gpt2Params = Gpt2Tree<np.Array>;

/**
 * Builds the tree of a configuration, calling `leaf` for every parameter in tree order. Weights are
 * [dOut, dIn]: query, key and value are three matrices, where a checkpoint has one, transposed.
 */
export function gpt2Tree<T>(config: FullGpt2Config, leaf: (parameter: Parameter) => T): Gpt2Tree<T> {
  const { vocabSize, context, width, hiddenWidth, depth } = config;
  const at = (path: string, shape: number[], role: Role): T => leaf({ path, shape, role });
  const weight = (path: string, dOut: number, dIn: number): T => at(path, [dOut, dIn], "hidden");
  const bias = (path: string, size: number): T => at(path, [size], "bias");
  const gain = (path: string): T => at(path, [width], "gain");
  const block = (i: number): Gpt2Block<T> => {
    const [a, f] = [`blocks.${i}.attention`, `blocks.${i}.feedForward`];
    return {
      attention: {
        gain: gain(`${a}.gain`),
        bias: bias(`${a}.bias`, width),
        query: weight(`${a}.query`, width, width),
        queryBias: bias(`${a}.queryBias`, width),
        key: weight(`${a}.key`, width, width),
        keyBias: bias(`${a}.keyBias`, width),
        value: weight(`${a}.value`, width, width),
        valueBias: bias(`${a}.valueBias`, width),
        out: weight(`${a}.out`, width, width),
        outBias: bias(`${a}.outBias`, width),
      },
      feedForward: {
        gain: gain(`${f}.gain`),
        bias: bias(`${f}.bias`, width),
        up: weight(`${f}.up`, hiddenWidth, width),
        upBias: bias(`${f}.upBias`, hiddenWidth),
        down: weight(`${f}.down`, width, hiddenWidth),
        downBias: bias(`${f}.downBias`, width),
      },
    };
  };
  return {
    embedding: at("embedding", [vocabSize, width], "head"),
    positions: at("positions", [context, width], "embedding"),
    blocks: Array.from({ length: depth }, (_, i) => block(i)),
    finalGain: gain("finalGain"),
    finalBias: bias("finalBias", width),
  };
}
