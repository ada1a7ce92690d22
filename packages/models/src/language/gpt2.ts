import { numpy as np } from "@jax-js/jax";
import { activationScales, tanhGelu } from "../layers/activation.ts";
import { embed } from "../layers/embed.ts";
import { layerNorm } from "../layers/layerNorm.ts";
import { linear } from "../layers/linear.ts";
import type { LanguageModel } from "../model/model.ts";
import { type FullGpt2Config, type Gpt2Config, resolveGpt2Config } from "./gpt2Config.ts";
import { type Gpt2Attention, type Gpt2FeedForward, type Gpt2Params, gpt2Tree } from "./gpt2Tree.ts";
import { type InitialValue, spectralInitialValue, withGains } from "./initialValue.ts";
import { languageModel } from "./languageModel.ts";
import { atPositions, type Pass } from "./pass.ts";

export interface Gpt2 extends LanguageModel<Gpt2Params> {
  readonly config: FullGpt2Config;
}

/**
 * GPT-2 as published (Radford et al. 2019, "Language Models are Unsupervised Multitask Learners"): learned
 * positions, pre-norm blocks with LayerNorm (gain and bias, eps 1e-5), biases everywhere, the tanh form of GELU,
 * one table for embedding and head, scores divided by √headDim. No dropout.
 *
 *   x = embedding[token] + positions[t]     x ← x + attention(norm(x))     x ← x + down · gelu(up · norm(x))
 *
 * Checkpoints of Hugging Face load (`importWeights`). Throws `ConfigError` when the configuration cannot work.
 */
export function gpt2(config: Gpt2Config): Gpt2 {
  const full = resolveGpt2Config(config);
  return languageModel<Gpt2Params, FullGpt2Config>({
    name: "gpt2",
    config: full,
    kvHeads: full.heads,
    headDim: full.width / full.heads,
    tree: (leaf) => gpt2Tree(full, leaf),
    initialValue: gpt2InitialValue(full),
    forward: (params, tokens, pass) => forward(full, params, tokens, pass),
  });
}

/**
 * N(0, 0.02²), the matrices that write to the residual stream divided by √(2 depth), gains 1, biases 0 (Radford
 * et al. 2019; the positions' 0.02 is Hugging Face's, OpenAI's code had 0.01).
 */
function gpt2InitialValue({ depth, initialization }: FullGpt2Config): InitialValue {
  if (initialization === "spectral") return spectralInitialValue;
  return withGains(({ path }) =>
    path.endsWith(".out") || path.endsWith(".down") ? 0.02 / Math.sqrt(2 * depth) : 0.02,
  );
}

/** Logits of the selected rows: rows of one matrix everywhere but inside attention. */
function forward(config: FullGpt2Config, params: Gpt2Params, tokens: np.Array, pass: Pass): np.Array {
  const [batch, time] = tokens.shape as [number, number];
  const { width, normEps } = config;
  const { embedding, positions, blocks, finalGain, finalBias } = params;
  const places = np.broadcastTo(atPositions(positions, time, pass).reshape([1, time, width]), [
    batch,
    time,
    width,
  ]);
  let x = embed(embedding.ref, tokens.reshape([batch * time])).add(places.reshape([batch * time, width]));
  for (const { attention, feedForward } of blocks) {
    x = x.ref.add(attend(config, attention, x, batch, pass));
    x = x.ref.add(transform(config, feedForward, x));
  }
  return linear(layerNorm(pass.select(x), finalGain, finalBias, normEps), embedding);
}

function attend(
  { width, heads, normEps }: FullGpt2Config,
  params: Gpt2Attention<np.Array>,
  x: np.Array,
  batch: number,
  pass: Pass,
): np.Array {
  const time = (x.shape[0] ?? 0) / batch;
  const normed = layerNorm(x, params.gain, params.bias, normEps);
  const perHead = (weight: np.Array, bias: np.Array, input: np.Array): np.Array =>
    linear(input, weight, bias)
      .reshape([batch, time, heads, width / heads])
      .transpose([0, 2, 1, 3]);
  const query = perHead(params.query, params.queryBias, normed.ref);
  const key = perHead(params.key, params.keyBias, normed.ref);
  const mixed = pass.attend(query, key, perHead(params.value, params.valueBias, normed));
  return linear(mixed.reshape([batch * time, width]), params.out, params.outBias);
}

function transform(
  { activationScale, normEps }: FullGpt2Config,
  { gain, bias, up, upBias, down, downBias }: Gpt2FeedForward<np.Array>,
  x: np.Array,
): np.Array {
  const hidden = tanhGelu(linear(layerNorm(x, gain, bias, normEps), up, upBias));
  return linear(activationScale ? hidden.mul(activationScales.gelu) : hidden, down, downBias);
}
