import type { numpy as np } from "@jax-js/jax";
import type { Parameter } from "steepest";
import { initializeParameters } from "../initialize.ts";
import { activations } from "../layers/activation.ts";
import { causalAttention } from "../layers/attention.ts";
import { crossEntropy } from "../layers/crossEntropy.ts";
import { embed } from "../layers/embed.ts";
import { linear } from "../layers/linear.ts";
import { rmsNorm } from "../layers/rmsNorm.ts";
import { rotary } from "../layers/rotary.ts";
import type { LanguageModel } from "../model.ts";
import { type FullGptConfig, type GptConfig, resolveGptConfig } from "./config.ts";
import { gptInitialValue } from "./initialValue.ts";
import { type GptAttention, type GptFeedForward, type GptParams, gptTree } from "./parameters.ts";

export interface Gpt extends LanguageModel<GptParams> {
  readonly config: FullGptConfig;
}

/**
 * A decoder-only transformer without biases: pre-norm blocks of causal attention (rotary positions,
 * normalised queries and keys) and a feed-forward layer, a last RMSNorm, a linear head.
 *
 *   x ← x + attention(norm(x))     x ← x + feedForward(norm(x))     logits = head · norm(x)
 *
 * The defaults are those of nanoGPT's speedrun (Jordan et al. 2024, `modded-nanogpt`), the settings cover
 * GPT-2 and LLaMA shapes. Differs from GPT-2 (Radford et al. 2019) by RMSNorm, rotary positions and no
 * biases, and from the speedrun by attention scores divided by √headDim.
 *
 * Throws `ConfigError` when the configuration cannot work.
 *
 * ```ts
 * const model = gpt({ vocabSize: 89, context: 64, width: 64, depth: 2, heads: 4 });
 * const params = model.init(random.key(0));
 * const loss = model.loss(params, { tokens, targets });
 * ```
 */
export function gpt(config: GptConfig): Gpt {
  const full = resolveGptConfig(config);
  const parameters: Parameter[] = [];
  gptTree(full, (parameter) => parameters.push(parameter));
  const count = (chosen: readonly Parameter[]): number =>
    chosen.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const apply = (params: GptParams, tokens: np.Array): np.Array => {
    const [batch, time] = expectTokens(tokens, full.context);
    return forward(full, params, tokens).reshape([batch, time, full.vocabSize]);
  };
  return {
    kind: "language",
    name: "gpt",
    config: full,
    vocabSize: full.vocabSize,
    context: full.context,
    parameters,
    parameterCount: count(parameters),
    // 2 forward and 4 backward per weight of a matrix product, and 12 · depth · context · width for the two
    // products of attention (Chowdhery et al. 2022, arXiv:2204.02311, appendix B), without halving for the mask.
    flopsPerToken:
      6 * count(parameters.filter(({ role }) => role === "hidden" || role === "head")) +
      12 * full.depth * full.context * full.width,
    roles: () => Object.fromEntries(parameters.map(({ path, role }) => [path, role])),
    init(key, { initialize } = {}) {
      const values = initializeParameters(key, parameters, gptInitialValue(full), initialize);
      return gptTree(full, ({ path }) => {
        const value = values.get(path);
        if (value === undefined) throw new Error(`internal: no starting value for "${path}"`);
        return value;
      });
    },
    apply,
    loss(params, { tokens, targets }) {
      const [batch, time] = expectTokens(tokens, full.context);
      return crossEntropy(forward(full, params, tokens), targets.reshape([batch * time]));
    },
  };
}

/** Logits [batch · time, vocab]: rows of one matrix everywhere but inside attention. */
function forward(config: FullGptConfig, params: GptParams, tokens: np.Array): np.Array {
  const [batch, time] = tokens.shape as [number, number];
  const { embedding, blocks, finalGain, head } = params;
  const table = head === undefined ? embedding.ref : embedding;
  let x = embed(table, tokens.reshape([batch * time]));
  for (const { attention, feedForward } of blocks) {
    x = x.ref.add(attend(config, attention, x, batch));
    x = x.ref.add(transform(config, feedForward, x));
  }
  return linear(rmsNorm(x, finalGain), head ?? embedding);
}

function attend(config: FullGptConfig, params: GptAttention<np.Array>, x: np.Array, batch: number): np.Array {
  const { width, heads, queryKeyNorm, rotaryBase } = config;
  const time = (x.shape[0] ?? 0) / batch;
  const normed = rmsNorm(x, params.gain);
  const perHead = (weight: np.Array, input: np.Array): np.Array =>
    linear(input, weight)
      .reshape([batch, time, heads, width / heads])
      .transpose([0, 2, 1, 3]);
  const position = (y: np.Array, gain: np.Array | undefined): np.Array =>
    rotary(queryKeyNorm ? rmsNorm(y, gain) : y, rotaryBase);
  const query = position(perHead(params.query, normed.ref), params.queryGain);
  const key = position(perHead(params.key, normed.ref), params.keyGain);
  const mixed = causalAttention(query, key, perHead(params.value, normed));
  return linear(mixed.reshape([batch * time, width]), params.out);
}

function transform(config: FullGptConfig, params: GptFeedForward<np.Array>, x: np.Array): np.Array {
  const { gain, up, gate, down } = params;
  const activate = activations[config.activation];
  const normed = rmsNorm(x, gain);
  const hidden =
    gate === undefined
      ? activate(linear(normed, up))
      : activate(linear(normed.ref, gate)).mul(linear(normed, up));
  return linear(hidden, down);
}

function expectTokens(tokens: np.Array, context: number): [batch: number, time: number] {
  const [batch, time] = tokens.shape;
  if (tokens.shape.length !== 2 || batch === undefined || time === undefined) {
    throw new Error(`tokens must be [batch, time], got [${tokens.shape}]`);
  }
  if (time > context) {
    throw new Error(`tokens are ${time} long but the model's context is ${context}: pass shorter sequences`);
  }
  return [batch, time];
}
