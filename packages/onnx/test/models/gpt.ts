import { lax, nn, numpy as np, random } from "@jax-js/jax";

/** A small GPT in two styles, with everything that real ones put through the lowering. */
export interface GptShape {
  readonly vocab: number;
  readonly context: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** "rotary": RMSNorm, rotary positions, normalised queries and keys, relu². "gpt2": LayerNorm, GELU, biases. */
  readonly style: "rotary" | "gpt2";
}

export type GptParams = {
  embedding: np.Array;
  position: np.Array;
  blocks: Record<
    "query" | "key" | "value" | "out" | "up" | "down" | "gain1" | "bias1" | "gain2" | "bias2",
    np.Array
  >[];
  head: np.Array;
};

export function gptInit({ vocab, context, width, depth }: GptShape, seed = 0): GptParams {
  let next = seed * 1000;
  const normal = (rows: number, cols: number, scale: number): np.Array =>
    random.normal(random.key(next++), [rows, cols]).mul(scale);
  const square = (): np.Array => normal(width, width, width ** -0.5);
  return {
    embedding: normal(vocab, width, 1),
    position: normal(context, width, 0.1),
    blocks: Array.from({ length: depth }, () => ({
      query: square(),
      key: square(),
      value: square(),
      out: square(),
      up: normal(4 * width, width, width ** -0.5),
      down: normal(width, 4 * width, (4 * width) ** -0.5),
      gain1: np.ones([width]),
      bias1: np.zeros([width]),
      gain2: np.ones([width]),
      bias2: np.zeros([width]),
    })),
    head: normal(vocab, width, 0.02),
  };
}

const linear = (x: np.Array, weight: np.Array): np.Array =>
  lax.dot(x, weight, { lhsContractingDims: [-1], rhsContractingDims: [-1] });

const rms = (x: np.Array): np.Array => {
  const scale = np.reciprocal(np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(1e-6)));
  return x.mul(scale);
};

function layerNorm(x: np.Array, gain: np.Array, bias: np.Array): np.Array {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(gain)
    .add(bias);
}

/** Rotates halves of the last axis of [batch, heads, time, size] by angles that grow with time. */
function rotary(x: np.Array): np.Array {
  const [batch, heads, time, size] = x.shape as [number, number, number, number];
  const half = size / 2;
  const table = (f: (angle: number) => number): np.Array =>
    np.array(
      Float32Array.from({ length: time * half }, (_, n) =>
        f(Math.floor(n / half) * 10000 ** (-(n % half) / half)),
      ),
      { shape: [time, half] },
    );
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const slice = (from: number): np.Array =>
    x.ref.slice([0, batch], [0, heads], [0, time], [from, from + half]);
  const [a, b] = [slice(0), slice(half)];
  x.dispose();
  const first = a.ref.mul(cos.ref).sub(b.ref.mul(sin.ref));
  return np.concatenate([first, a.mul(sin).add(b.mul(cos))], -1);
}

function attention(
  shape: GptShape,
  block: GptParams["blocks"][number],
  x: np.Array,
  batch: number,
): np.Array {
  const { width, heads, style } = shape;
  const time = (x.shape[0] ?? 0) / batch;
  const size = width / heads;
  const split = (y: np.Array): np.Array => y.reshape([batch, time, heads, size]).transpose([0, 2, 1, 3]);
  const place = (y: np.Array): np.Array => (style === "rotary" ? rotary(rms(y)) : y);
  const query = place(split(linear(x.ref, block.query)));
  const key = place(split(linear(x.ref, block.key)));
  const value = split(linear(x, block.value));
  const batched = { lhsBatchDims: [0, 1], rhsBatchDims: [0, 1], lhsContractingDims: [-1] };
  const scores = lax.dot(query.mul(size ** -0.5), key, { ...batched, rhsContractingDims: [-1] });
  const visible = np.greaterEqual(np.arange(time).reshape([time, 1]), np.arange(time));
  const weights = nn.softmax(np.where(visible, scores, -1e30), -1);
  const mixed = lax.dot(weights, value, { ...batched, rhsContractingDims: [-2] });
  return linear(mixed.transpose([0, 2, 1, 3]).reshape([batch * time, width]), block.out);
}

/** Mean cross-entropy in nats. tokens and targets: int32 [batch, time]. Uses up its arguments. */
export function gptLoss(shape: GptShape, params: GptParams, tokens: np.Array, targets: np.Array): np.Array {
  const { style, vocab } = shape;
  const [batch, time] = tokens.shape as [number, number];
  const rows = batch * time;
  let x = params.embedding.slice(tokens.reshape([rows]));
  if (style === "gpt2") {
    const { width } = shape;
    const at = np.broadcastTo(params.position.slice([0, time]).reshape([1, time, width]), [
      batch,
      time,
      width,
    ]);
    x = x.add(at.reshape([rows, width]));
  } else params.position.dispose();
  for (const block of params.blocks) {
    const norm = (y: np.Array, gain: np.Array, bias: np.Array): np.Array => {
      if (style === "gpt2") return layerNorm(y, gain, bias);
      gain.dispose();
      bias.dispose();
      return rms(y);
    };
    x = x.ref.add(attention(shape, block, norm(x, block.gain1, block.bias1), batch));
    const hidden = linear(norm(x.ref, block.gain2, block.bias2), block.up);
    const active = style === "gpt2" ? nn.gelu(hidden) : np.square(nn.relu(hidden));
    x = x.add(linear(active, block.down));
  }
  const logits = linear(rms(x), params.head);
  const isTarget = np.equal(targets.reshape([rows, 1]), np.arange(vocab));
  const picked = np.sum(np.where(isTarget, logits.ref, 0), -1);
  return np.mean(nn.logsumexp(logits, -1).sub(picked));
}

/** Tokens and targets that any vocabulary of at least 2 has. */
export function gptBatch({ vocab, context }: GptShape, batch: number, seed = 0): [np.Array, np.Array] {
  const pick = (salt: number): np.Array =>
    np.array(
      Int32Array.from(
        { length: batch * context },
        (_, i) => ((i * 7919 + salt * 104729 + seed * 31) >>> 3) % vocab,
      ),
      { shape: [batch, context], dtype: np.int32 },
    );
  return [pick(1), pick(2)];
}
