import { numpy as np } from "@jax-js/jax";
import { imageActivation } from "../layers/imageActivation.ts";
import { linear } from "../layers/linear.ts";
import { rmsNorm } from "../layers/rmsNorm.ts";
import { parameterSet } from "../model/parameterSet.ts";
import { expectImages } from "./expectImages.ts";
import type { ImageModel } from "./imageModel.ts";
import { scoreImages } from "./scoreImages.ts";
import { selfAttention } from "./selfAttention.ts";
import { smoothedCrossEntropy } from "./smoothedCrossEntropy.ts";
import { type FullVitConfig, gridOf, resolveVitConfig, tokensOf, type VitConfig } from "./vitConfig.ts";
import { type VitBlock, type VitLinear, type VitParams, vitInitialValue, vitTree } from "./vitTree.ts";

export interface Vit extends ImageModel<VitParams> {
  readonly config: FullVitConfig;
}

/**
 * A vision transformer: patches as tokens with learned positions, pre-norm blocks of attention and a GELU
 * feed-forward layer, a linear head on the class token or on the mean over the patches.
 *
 *   x ← x + attention(norm(x))     x ← x + feedForward(norm(x))     logits = head · norm(x)[class] + bias
 *
 * Shapes are those of DeiT (Touvron et al. 2021, arXiv:2012.12877), which are those of ViT (Dosovitskiy et al. 2021,
 * arXiv:2010.11929). Differs by RMSNorm instead of LayerNorm: 2 · depth + 1 biases of the width fewer. No dropout, no
 * stochastic depth, no distillation token.
 *
 * Throws `ConfigError` when the configuration cannot work.
 */
export function vit(config: VitConfig): Vit {
  const full = resolveVitConfig(config);
  const set = parameterSet<VitParams>((leaf) => vitTree(full, leaf), vitInitialValue);
  const apply = (params: VitParams, images: np.Array): np.Array => forward(full, params, images);
  const tokens = tokensOf(full);
  const products = set.parameters
    .filter(({ role }) => role === "hidden" || role === "conv")
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return {
    kind: "image",
    name: "vit",
    config: full,
    imageShape: full.imageShape,
    classes: full.classes,
    ...set,
    // As for a gpt, for each of the tokens of an image; the head sees one of them.
    flopsPerToken:
      tokens * (6 * products + 12 * full.depth * tokens * full.width) + 6 * full.classes * full.width,
    apply,
    loss: (params, { images, labels }) =>
      smoothedCrossEntropy(apply(params, images), labels, full.labelSmoothing),
    score: (params, batch, options) => scoreImages(apply, params, batch, options),
  };
}

/** Logits [batch, classes]: rows of one matrix everywhere but inside attention. */
function forward(config: FullVitConfig, params: VitParams, images: np.Array): np.Array {
  const { width, pooling, imageShape, patch } = config;
  const batch = expectImages(images, imageShape);
  const tokens = tokensOf(config);
  const [down, across] = gridOf(config);
  const { patches, classToken, positions, blocks, finalGain, head, headBias } = params;
  const pixels = imageShape[0] * patch * patch;
  const rows = images
    .reshape([batch, imageShape[0], down, patch, across, patch])
    .transpose([0, 2, 4, 1, 3, 5])
    .reshape([batch * down * across, pixels]);
  const filters: VitLinear<np.Array> = { ...patches, weight: patches.weight.reshape([width, pixels]) };
  const activate = imageActivation("gelu", config.activationScale);
  let x = applyLinear(rows, filters).reshape([batch, down * across, width]);
  if (classToken !== undefined) {
    const first = np.broadcastTo(classToken.reshape([1, 1, width]), [batch, 1, width]);
    x = np.concatenate([first, x], 1);
  }
  x = x.add(positions.reshape([1, tokens, width])).reshape([batch * tokens, width]);
  for (const block of blocks) {
    x = x.ref.add(attend(config, block.attention, x, batch));
    const { gain, up, down: back } = block.feedForward;
    x = x.ref.add(applyLinear(activate(applyLinear(rmsNorm(x, gain), up)), back));
  }
  const sequence = x.reshape([batch, tokens, width]);
  // Norms are row by row, so that of the class token alone is enough; the mean is over normed rows.
  const read =
    pooling === "class"
      ? rmsNorm(sequence.slice([], 0), finalGain)
      : np.mean(rmsNorm(sequence, finalGain), 1);
  const logits = linear(read, head);
  return headBias === undefined ? logits : logits.add(headBias);
}

function attend(
  { width, heads }: FullVitConfig,
  { gain, query, key, value, out }: VitBlock<np.Array>["attention"],
  x: np.Array,
  batch: number,
): np.Array {
  const time = (x.shape[0] ?? 0) / batch;
  const normed = rmsNorm(x, gain);
  const perHead = (layer: VitLinear<np.Array>, input: np.Array): np.Array =>
    applyLinear(input, layer)
      .reshape([batch, time, heads, width / heads])
      .transpose([0, 2, 1, 3]);
  const mixed = selfAttention(perHead(query, normed.ref), perHead(key, normed.ref), perHead(value, normed));
  return applyLinear(mixed.reshape([batch * time, width]), out);
}

function applyLinear(x: np.Array, { weight, bias }: VitLinear<np.Array>): np.Array {
  const y = linear(x, weight);
  return bias === undefined ? y : y.add(bias);
}
