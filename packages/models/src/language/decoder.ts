import type { numpy as np } from "@jax-js/jax";
import { activationScales, activations } from "../layers/activation.ts";
import { embed } from "../layers/embed.ts";
import { linear } from "../layers/linear.ts";
import { rmsNorm } from "../layers/rmsNorm.ts";
import { type RotaryTables, rotaryTables, rotate } from "../layers/rotary.ts";
import type { LanguageModel } from "../model/model.ts";
import type { DecoderShape } from "./decoderShape.ts";
import {
  type DecoderAttention,
  type DecoderFeedForward,
  type DecoderParams,
  decoderTree,
} from "./decoderTree.ts";
import type { InitialValue } from "./initialValue.ts";
import { type LanguageSettings, languageModel } from "./languageModel.ts";
import { atPositions, type Pass } from "./pass.ts";

/**
 * A decoder-only transformer without biases: pre-norm blocks of causal attention with rotary positions and a
 * feed-forward layer, a last RMSNorm, a linear head. The common body of `gpt`, `llama` and `qwen3`.
 *
 *   x ← x + attention(norm(x))     x ← x + feedForward(norm(x))     logits = head · norm(x)
 */
export function decoder<C extends LanguageSettings>(
  name: string,
  config: C,
  shape: DecoderShape,
  initialValue: InitialValue,
): LanguageModel<DecoderParams> & { readonly config: C } {
  return languageModel<DecoderParams, C>({
    name,
    config,
    kvHeads: shape.kvHeads,
    headDim: shape.headDim,
    tree: (leaf) => decoderTree(shape, leaf),
    initialValue,
    forward: (params, tokens, pass) => forward(shape, params, tokens, pass),
  });
}

/** Logits of the selected rows: rows of one matrix everywhere but inside attention. */
function forward(shape: DecoderShape, params: DecoderParams, tokens: np.Array, pass: Pass): np.Array {
  const [batch, time] = tokens.shape as [number, number];
  const { embedding, blocks, finalGain, head } = params;
  const table = head === undefined ? embedding.ref : embedding;
  let x = embed(table, tokens.reshape([batch * time]));
  const angles = blocks.length === 0 ? undefined : rotaryRows(shape, time, x.dtype, pass);
  for (const { attention, feedForward } of blocks) {
    if (angles !== undefined) x = x.ref.add(attend(shape, attention, x, batch, angles, pass));
    x = x.ref.add(transform(shape, feedForward, x));
  }
  angles?.cos.dispose();
  angles?.sin.dispose();
  return linear(rmsNorm(pass.select(x), finalGain, shape.normEps), head ?? embedding);
}

/** The angles of the tokens' positions, [time, headDim / 2]; borrowed by every layer. */
function rotaryRows(shape: DecoderShape, time: number, dtype: np.DType, pass: Pass): RotaryTables {
  const positions = pass.position === undefined ? time : shape.context;
  const { cos, sin } = rotaryTables(positions, shape.headDim, shape.rotaryBase, dtype);
  return { cos: atPositions(cos, time, pass), sin: atPositions(sin, time, pass) };
}

function attend(
  { heads, kvHeads, headDim, queryKeyNorm, normEps }: DecoderShape,
  params: DecoderAttention<np.Array>,
  x: np.Array,
  batch: number,
  angles: RotaryTables,
  pass: Pass,
): np.Array {
  const time = (x.shape[0] ?? 0) / batch;
  const normed = rmsNorm(x, params.gain, normEps);
  const perHead = (weight: np.Array, input: np.Array, count: number): np.Array =>
    linear(input, weight).reshape([batch, time, count, headDim]).transpose([0, 2, 1, 3]);
  const placed = (y: np.Array, gain: np.Array | undefined): np.Array =>
    rotate(queryKeyNorm ? rmsNorm(y, gain, normEps) : y, angles);
  const query = placed(perHead(params.query, normed.ref, heads), params.queryGain);
  const key = placed(perHead(params.key, normed.ref, kvHeads), params.keyGain);
  const mixed = pass.attend(query, key, perHead(params.value, normed, kvHeads));
  return linear(mixed.reshape([batch * time, heads * headDim]), params.out);
}

function transform(shape: DecoderShape, params: DecoderFeedForward<np.Array>, x: np.Array): np.Array {
  const { gain, up, gate, down } = params;
  const activate = (y: np.Array): np.Array => {
    const value = activations[shape.activation](y);
    return shape.activationScale ? value.mul(activationScales[shape.activation]) : value;
  };
  const normed = rmsNorm(x, gain, shape.normEps);
  const hidden =
    gate === undefined
      ? activate(linear(normed, up))
      : activate(linear(normed.ref, gate)).mul(linear(normed, up));
  return linear(hidden, down);
}
