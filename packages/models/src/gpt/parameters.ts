import type { numpy as np } from "@jax-js/jax";
import type { Parameter, Role } from "steepest";
import type { FullGptConfig } from "./config.ts";

/** The tree of a GPT. What a configuration does not have is absent; a tied head is `embedding` read twice. */
export type GptTree<T> = {
  embedding: T;
  blocks: GptBlock<T>[];
  finalGain?: T;
  head?: T;
};

export type GptBlock<T> = { attention: GptAttention<T>; feedForward: GptFeedForward<T> };

export type GptAttention<T> = {
  gain?: T;
  query: T;
  key: T;
  value: T;
  out: T;
  queryGain?: T;
  keyGain?: T;
};

export type GptFeedForward<T> = { gain?: T; up: T; gate?: T; down: T };

export type GptParams = GptTree<np.Array>;

/**
 * Builds the tree of a configuration, calling `leaf` for every parameter in tree order.
 *
 * Weights are [dOut, dIn], embedding and head [vocab, width]. A tied table is one parameter of path
 * `embedding` and role `head`: the logits decide how far it may move in a step, and as a head it is read
 */
export function gptTree<T>(config: FullGptConfig, leaf: (parameter: Parameter) => T): GptTree<T> {
  const { vocabSize, width, heads, hiddenWidth, queryKeyNorm, normGain } = config;
  const at = (path: string, shape: number[], role: Role = "hidden"): T => leaf({ path, shape, role });
  const gain = <K extends string>(prefix: string, key: K, size: number): { [k in K]?: T } =>
    single(key, at(`${prefix}${key}`, [size], "gain"));
  const block = (prefix: string): GptBlock<T> => ({
    attention: {
      ...(normGain && gain(`${prefix}.attention.`, "gain", width)),
      query: at(`${prefix}.attention.query`, [width, width]),
      key: at(`${prefix}.attention.key`, [width, width]),
      value: at(`${prefix}.attention.value`, [width, width]),
      out: at(`${prefix}.attention.out`, [width, width]),
      ...(normGain && queryKeyNorm && gain(`${prefix}.attention.`, "queryGain", width / heads)),
      ...(normGain && queryKeyNorm && gain(`${prefix}.attention.`, "keyGain", width / heads)),
    },
    feedForward: {
      ...(normGain && gain(`${prefix}.feedForward.`, "gain", width)),
      up: at(`${prefix}.feedForward.up`, [hiddenWidth, width]),
      ...(config.activation === "swiglu" &&
        single("gate", at(`${prefix}.feedForward.gate`, [hiddenWidth, width]))),
      down: at(`${prefix}.feedForward.down`, [width, hiddenWidth]),
    },
  });
  return {
    embedding: at("embedding", [vocabSize, width], config.tiedHead ? "head" : "embedding"),
    blocks: Array.from({ length: config.depth }, (_, i) => block(`blocks.${i}`)),
    ...(normGain && gain("", "finalGain", width)),
    ...(!config.tiedHead && single("head", at("head", [vocabSize, width], "head"))),
  };
}

/** `{ [key]: value }` with the key kept in the type. */
function single<K extends string, T>(key: K, value: T): { [k in K]?: T } {
  return { [key]: value } as { [k in K]?: T };
}
