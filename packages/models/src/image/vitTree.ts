import { numpy as np, random } from "@jax-js/jax";
import type { Parameter, Role } from "steepest";
import { type FullVitConfig, tokensOf } from "./vitConfig.ts";

/** A linear layer: weight [dOut, dIn], and a bias [dOut] if the configuration has them. */
export type VitLinear<T> = { weight: T; bias?: T };

export type VitBlock<T> = {
  attention: { gain?: T; query: VitLinear<T>; key: VitLinear<T>; value: VitLinear<T>; out: VitLinear<T> };
  feedForward: { gain?: T; up: VitLinear<T>; down: VitLinear<T> };
};

/** The tree of a vit. What a configuration does not have is absent. */
export type VitTree<T> = {
  patches: VitLinear<T>;
  classToken?: T;
  positions: T;
  blocks: VitBlock<T>[];
  finalGain?: T;
  head: T;
  headBias?: T;
};

export type VitParams = VitTree<np.Array>;

/**
 * Builds the tree of a configuration, calling `leaf` for every parameter in tree order. The patch embedding is the
 * convolution it is, [width, channels, patch, patch] with role `conv`; learned positions [tokens, width] are an
 * `embedding`, the class token [width] is a `bias`: it is added at one place of the sequence.
 */
export function vitTree<T>(config: FullVitConfig, leaf: (parameter: Parameter) => T): VitTree<T> {
  const { imageShape, width, hiddenWidth, depth, patch, pooling, bias, normGain, classes } = config;
  const at = (path: string, shape: number[], role: Role): T => leaf({ path, shape, role });
  const layer = (path: string, shape: number[], role: Role = "hidden"): VitLinear<T> => ({
    weight: at(`${path}.weight`, shape, role),
    ...(bias && { bias: at(`${path}.bias`, shape.slice(0, 1), "bias") }),
  });
  const square = [width, width];
  return {
    patches: layer("patches", [width, imageShape[0], patch, patch], "conv"),
    ...(pooling === "class" && { classToken: at("classToken", [width], "bias") }),
    positions: at("positions", [tokensOf(config), width], "embedding"),
    blocks: Array.from({ length: depth }, (_, i): VitBlock<T> => {
      const [attention, feedForward] = [`blocks.${i}.attention`, `blocks.${i}.feedForward`];
      return {
        attention: {
          ...(normGain && { gain: at(`${attention}.gain`, [width], "gain") }),
          query: layer(`${attention}.query`, square),
          key: layer(`${attention}.key`, square),
          value: layer(`${attention}.value`, square),
          out: layer(`${attention}.out`, square),
        },
        feedForward: {
          ...(normGain && { gain: at(`${feedForward}.gain`, [width], "gain") }),
          up: layer(`${feedForward}.up`, [hiddenWidth, width]),
          down: layer(`${feedForward}.down`, [width, hiddenWidth]),
        },
      };
    }),
    ...(normGain && { finalGain: at("finalGain", [width], "gain") }),
    head: at("head", [classes, width], "head"),
    ...(bias && { headBias: at("headBias", [classes], "bias") }),
  };
}

/** How a vit starts when the optimizer does not say: N(0, 0.02²) as in DeiT, gains 1, biases and class token 0. */
export function vitInitialValue(key: np.Array, { shape, role }: Parameter): np.Array {
  if (role !== "gain" && role !== "bias") return random.normal(key, [...shape]).mul(0.02);
  key.dispose();
  return role === "gain" ? np.ones([...shape]) : np.zeros([...shape]);
}
