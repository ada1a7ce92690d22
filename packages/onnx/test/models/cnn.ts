import { lax, nn, numpy as np, random } from "@jax-js/jax";

/** Convolutions of 32, 64 and 64 channels, batch-normalised, two poolings, one dense layer: 28x28 to 10 classes. */
export type CnnParams = Record<"conv1" | "conv2" | "conv3" | "gain" | "bias" | "dense", np.Array>;

const CHANNELS = [32, 64, 64] as const;

export function cnnInit(size = 28): CnnParams {
  let next = 0;
  const normal = (shape: number[], scale: number): np.Array =>
    random.normal(random.key(next++), shape).mul(scale);
  const [a, b, c] = CHANNELS;
  const side = size >> 2;
  return {
    conv1: normal([a, 1, 3, 3], 1 / 3),
    conv2: normal([b, a, 3, 3], (9 * a) ** -0.5),
    conv3: normal([c, b, 3, 3], (9 * b) ** -0.5),
    gain: np.ones([b]),
    bias: np.zeros([b]),
    dense: normal([10, c * side * side], (c * side * side) ** -0.5),
  };
}

const conv = (x: np.Array, w: np.Array): np.Array => lax.conv(x, w, [1, 1], "SAME");
const pool = (x: np.Array): np.Array => lax.reduceWindow(x, (y) => np.max(y), [2, 2], [2, 2]);

/** Over batch and space, as in training. */
function batchNorm(x: np.Array, gain: np.Array, bias: np.Array): np.Array {
  const channels = x.shape[1] ?? 1;
  const centred = x.ref.sub(np.mean(x, [0, 2, 3], { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), [0, 2, 3], { keepdims: true });
  const shape = [1, channels, 1, 1];
  return centred
    .div(np.sqrt(variance.add(1e-5)))
    .mul(gain.reshape(shape))
    .add(bias.reshape(shape));
}

/** Mean cross-entropy: images [batch, 1, size, size], labels int32 [batch]. Uses up its arguments. */
export function cnnLoss(p: CnnParams, images: np.Array, labels: np.Array): np.Array {
  const batch = images.shape[0] ?? 1;
  const first = pool(nn.relu(conv(images, p.conv1)));
  const second = pool(nn.relu(batchNorm(conv(first, p.conv2), p.gain, p.bias)));
  const third = nn.relu(conv(second, p.conv3)).reshape([batch, -1]);
  const logits = lax.dot(third, p.dense, { lhsContractingDims: [-1], rhsContractingDims: [-1] });
  const isLabel = np.equal(labels.reshape([batch, 1]), np.arange(10));
  const picked = np.sum(np.where(isLabel, logits.ref, 0), -1);
  return np.mean(nn.logsumexp(logits, -1).sub(picked));
}

export function cnnBatch(batch: number, size = 28): [np.Array, np.Array] {
  const labels = np.array(
    Int32Array.from({ length: batch }, (_, i) => (i * 7) % 10),
    { dtype: np.int32 },
  );
  return [random.normal(random.key(99), [batch, 1, size, size]), labels];
}
