import type { numpy as np } from "@jax-js/jax";
import type { Parameter, Role } from "steepest";
import type { DecoderShape } from "./decoderShape.ts";

/** The tree of a decoder. What a configuration does not have is absent; a tied head is `embedding` read twice. */
export type DecoderTree<T> = {
  embedding: T;
  blocks: DecoderBlock<T>[];
  finalGain?: T;
  head?: T;
};

export type DecoderBlock<T> = { attention: DecoderAttention<T>; feedForward: DecoderFeedForward<T> };

export type DecoderAttention<T> = {
  gain?: T;
  query: T;
  key: T;
  value: T;
  out: T;
  queryGain?: T;
  keyGain?: T;
};

export type DecoderFeedForward<T> = { gain?: T; up: T; gate?: T; down: T };

export type DecoderParams = DecoderTree<np.Array>;

/**
 * Builds the tree of a configuration, calling `leaf` for every parameter in tree order.
 *
 * Weights are [dOut, dIn], embedding and head [vocab, width]. A tied table is one parameter of path
 * `embedding` and role `head`: the logits decide how far it may move in a step.
 */
export function decoderTree<T>(shape: DecoderShape, leaf: (parameter: Parameter) => T): DecoderTree<T> {
  const { vocabSize, width, heads, kvHeads, headDim, hiddenWidth, queryKeyNorm, normGain } = shape;
  const at = (path: string, sides: number[], role: Role = "hidden"): T => leaf({ path, shape: sides, role });
  const gain = <K extends string>(prefix: string, key: K, size: number): { [k in K]?: T } =>
    single(key, at(`${prefix}${key}`, [size], "gain"));
  const block = (prefix: string): DecoderBlock<T> => ({
    attention: {
      ...(normGain && gain(`${prefix}.attention.`, "gain", width)),
      query: at(`${prefix}.attention.query`, [heads * headDim, width]),
      key: at(`${prefix}.attention.key`, [kvHeads * headDim, width]),
      value: at(`${prefix}.attention.value`, [kvHeads * headDim, width]),
      out: at(`${prefix}.attention.out`, [width, heads * headDim]),
      ...(normGain && queryKeyNorm && gain(`${prefix}.attention.`, "queryGain", headDim)),
      ...(normGain && queryKeyNorm && gain(`${prefix}.attention.`, "keyGain", headDim)),
    },
    feedForward: {
      ...(normGain && gain(`${prefix}.feedForward.`, "gain", width)),
      up: at(`${prefix}.feedForward.up`, [hiddenWidth, width]),
      ...(shape.activation === "swiglu" &&
        single("gate", at(`${prefix}.feedForward.gate`, [hiddenWidth, width]))),
      down: at(`${prefix}.feedForward.down`, [width, hiddenWidth]),
    },
  });
  return {
    embedding: at("embedding", [vocabSize, width], shape.tiedHead ? "head" : "embedding"),
    blocks: Array.from({ length: shape.depth }, (_, i) => block(`blocks.${i}`)),
    ...(normGain && gain("", "finalGain", width)),
    ...(!shape.tiedHead && single("head", at("head", [vocabSize, width], "head"))),
  };
}

/** `{ [key]: value }` with the key kept in the type. */
function single<K extends string, T>(key: K, value: T): { [k in K]?: T } {
  return { [key]: value } as { [k in K]?: T };
}
