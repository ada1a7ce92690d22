import { lax, numpy as np } from "@jax-js/jax";
import type { Parameter } from "steepest";
import { imageActivation } from "../layers/imageActivation.ts";
import { linear } from "../layers/linear.ts";
import { parameterSet } from "../model/parameterSet.ts";
import { batchNorm, type Moments, type NormParams, normalizeBy } from "./batchNorm.ts";
import { type CnnConfig, type FullCnnConfig, firstWidth, resolveCnnConfig, sidesOf } from "./cnnConfig.ts";
import { type CnnParams, cnnInitialValue, cnnTree } from "./cnnTree.ts";
import { expectImages } from "./expectImages.ts";
import type { ImageModel, Statistics } from "./imageModel.ts";
import { scoreImages } from "./scoreImages.ts";
import { smoothedCrossEntropy } from "./smoothedCrossEntropy.ts";

export interface Cnn extends ImageModel<CnnParams> {
  readonly config: FullCnnConfig;
  statistics(params: CnnParams, images: np.Array): Statistics;
}

/**
 * The convolutional net of airbench: a first layer of patch-whitening filters, groups of 3 × 3 convolutions with
 * batch norm and GELU, the largest of each channel, a scaled linear head.
 *
 *   first     GELU(whitening filters and their negatives * x + bias)
 *   a group   conv, 2 × 2 max pooling, norm, GELU, then conv, norm, GELU for the rest of its depth
 *   logits    logitScale · head · max over the places that are left
 *
 * The defaults are the 94 % net for CIFAR-10, 1.97M parameters there. The filters of the first layer are frozen: they
 * are a setting of the model (`whitening`), no parameter, so that no optimizer moves or decays them.
 *
 * Source: Jordan 2024, arXiv:2404.00498, and its code, `cifar10-airbench`. Differs by precise batch norm instead of
 * running averages, by an eps of 1e-5 in it, and by biases that begin at 0. Freezing the first bias after three epochs,
 * a larger learning rate for biases and averaged weights belong to the training there, not to the net.
 *
 * Throws `ConfigError` when the configuration cannot work.
 */
export function cnn(config: CnnConfig): Cnn {
  const full = resolveCnnConfig(config);
  const set = parameterSet<CnnParams>(
    (leaf) => cnnTree(full, leaf),
    (key: np.Array, parameter: Parameter) => cnnInitialValue(key, parameter),
  );
  const apply = (params: CnnParams, images: np.Array, statistics?: Statistics): np.Array =>
    forward(full, params, images, (x, norm, name) => {
      if (statistics === undefined) {
        const [y, { mean, variance }] = batchNorm(x, norm, full.normEps);
        mean.dispose();
        variance.dispose();
        return y;
      }
      return normalizeBy(x, momentsOf(statistics, name), norm, full.normEps);
    });
  return {
    kind: "image",
    name: "cnn",
    config: full,
    imageShape: full.imageShape,
    classes: full.classes,
    ...set,
    flopsPerToken: flopsPerImage(full),
    apply,
    loss: (params, { images, labels }) =>
      smoothedCrossEntropy(apply(params, images), labels, full.labelSmoothing),
    score: (params, batch, options) => scoreImages(apply, params, batch, options),
    statistics(params, images) {
      const found: Statistics = {};
      forward(full, params, images, (x, norm, name) => {
        const [y, { mean, variance }] = batchNorm(x, norm, full.normEps);
        found[`${name}.mean`] = mean;
        found[`${name}.variance`] = variance;
        return y;
      }).dispose();
      return found;
    },
  };
}

function momentsOf(statistics: Statistics, name: string): Moments {
  const [mean, variance] = [statistics[`${name}.mean`], statistics[`${name}.variance`]];
  if (mean === undefined || variance === undefined) {
    throw new Error(`the statistics lack "${name}.mean" or "${name}.variance": take those of this model`);
  }
  return { mean, variance };
}

/** Logits [batch, classes]; `norm` is called for every batch norm, with its name. */
function forward(
  config: FullCnnConfig,
  { first, groups, head }: CnnParams,
  images: np.Array,
  norm: (x: np.Array, params: NormParams, name: string) => np.Array,
): np.Array {
  expectImages(images, config.imageShape);
  const filters = first.weight ?? whiteningFilters(config, images.dtype);
  const bias = first.bias.reshape([1, firstWidth(config), 1, 1]);
  const activate = imageActivation("gelu", config.activationScale);
  let x = activate(lax.conv(images, filters, [1, 1], "VALID").add(bias));
  for (const [g, layers] of groups.entries()) {
    for (const [i, { weight, ...params }] of layers.entries()) {
      x = lax.conv(x, weight, [1, 1], "SAME");
      if (i === 0) x = lax.reduceWindow(x, (window) => np.max(window), [2, 2], [2, 2]);
      x = activate(norm(x, params, `groups.${g}.${i}`));
    }
  }
  return linear(np.max(x, [2, 3]), head).mul(config.logitScale);
}

function whiteningFilters(config: FullCnnConfig, dtype: np.DType): np.Array {
  const { whitening = [], kernel, imageShape } = config;
  const both = [...whitening, ...whitening.map((w) => -w)];
  return np
    .array(Float32Array.from(both), { shape: [firstWidth(config), imageShape[0], kernel, kernel] })
    .astype(dtype);
}

/** 2 operations for a multiplication and addition; the backward pass twice the forward pass. */
function flopsPerImage(config: FullCnnConfig): number {
  const { imageShape, widths, depth, kernel, classes } = config;
  const sides = sidesOf(config);
  const area = (i: number): number => (sides[i] ?? [0, 0]).reduce((a, b) => a * b, 1);
  const first = firstWidth(config);
  const ofFirst = first * imageShape[0] * kernel ** 2 * area(0);
  const ofGroups = widths.map((width, g) => {
    const dIn = widths[g - 1] ?? first;
    // The first convolution of a group comes before its pooling.
    return 9 * width * (dIn * area(g) + (depth - 1) * width * area(g + 1));
  });
  const products = ofGroups.reduce((a, b) => a + b, ofFirst) + classes * (widths.at(-1) ?? first);
  return 6 * products;
}
