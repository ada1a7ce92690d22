import { numpy as np, random } from "@jax-js/jax";
import type { Parameter, Role } from "steepest";
import { type FullCnnConfig, firstWidth } from "./cnnConfig.ts";

/** The tree of a cnn. `first.weight` is absent where the filters are frozen, `gain` where there is none. */
export type CnnTree<T> = {
  first: { weight?: T; bias: T };
  groups: CnnLayer<T>[][];
  head: T;
};

/** A convolution without bias, and its batch norm. */
export type CnnLayer<T> = { weight: T; gain?: T; bias: T };

export type CnnParams = CnnTree<np.Array>;

/** Builds the tree of a configuration, calling `leaf` for every parameter in tree order. */
export function cnnTree<T>(config: FullCnnConfig, leaf: (parameter: Parameter) => T): CnnTree<T> {
  const { imageShape, widths, depth, kernel, normGain, whitening, classes } = config;
  const at = (path: string, shape: number[], role: Role): T => leaf({ path, shape, role });
  const first = firstWidth(config);
  return {
    first: {
      ...(whitening === undefined && {
        weight: at("first.weight", [first, imageShape[0], kernel, kernel], "conv"),
      }),
      bias: at("first.bias", [first], "bias"),
    },
    groups: widths.map((width, g) =>
      Array.from({ length: depth }, (_, i) => {
        const path = `groups.${g}.${i}`;
        const dIn = i > 0 ? width : (widths[g - 1] ?? first);
        return {
          weight: at(`${path}.weight`, [width, dIn, 3, 3], "conv"),
          ...(normGain && { gain: at(`${path}.gain`, [width], "gain") }),
          bias: at(`${path}.bias`, [width], "bias"),
        };
      }),
    ),
    head: at("head", [classes, widths.at(-1) ?? first], "head"),
  };
}

/**
 * How a cnn starts when the optimizer does not say: convolutions and head uniform on ±1/√fanIn, the first dIn
 * filters of a 3 × 3 convolution replaced by the identity ("dirac"); biases 0, gains 1.
 * Source: Jordan 2024, arXiv:2404.00498, section 3.2; PyTorch's default for the rest.
 */
export function cnnInitialValue(key: np.Array, { path, shape, role }: Parameter): np.Array {
  if (role === "gain" || role === "bias") {
    key.dispose();
    return role === "gain" ? np.ones([...shape]) : np.zeros([...shape]);
  }
  const [dOut = 1, ...rest] = shape;
  const fanIn = rest.reduce((a, b) => a * b, 1);
  const bound = 1 / Math.sqrt(fanIn);
  const drawn = random.uniform(key, [...shape], { minval: -bound, maxval: bound });
  if (role !== "conv" || path === "first.weight") return drawn;
  const [dIn = 1, height = 1, width = 1] = rest;
  const identities = Math.min(dOut, dIn);
  const dirac = new Float32Array(identities * fanIn);
  const middle = Math.floor(height / 2) * width + Math.floor(width / 2);
  for (let i = 0; i < identities; i++) dirac[i * fanIn + i * height * width + middle] = 1;
  const identity = np.array(dirac, { shape: [identities, ...rest] });
  if (identities === dOut) {
    drawn.dispose();
    return identity;
  }
  return np.concatenate([identity, drawn.slice([identities, dOut])], 0);
}
