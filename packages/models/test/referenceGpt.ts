import type { DecoderTree, FullGptConfig } from "@steepest/models";

/**
 * The GPT of src/gpt written a second time, with loops over plain float64 numbers, one sequence at a time and
 * straight from the formulas. Nothing is shared with the implementation under test.
 */
export type Numbers = number | Numbers[];
type Vector = number[];
type Matrix = Vector[];
export type ReferenceParams = DecoderTree<Numbers>;

const matrix = (x: Numbers | undefined): Matrix => x as Matrix;
const vector = (x: Numbers | undefined): Vector | undefined => x as Vector | undefined;
const at = <T>(xs: readonly T[], i: number): T => xs[i] as T;

const times = (weight: Matrix, x: Vector): Vector =>
  weight.map((row) => row.reduce((sum, w, i) => sum + w * at(x, i), 0));

function norm(x: Vector, gain: Vector | undefined): Vector {
  const rms = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length + 1e-6);
  return x.map((v, i) => (v / rms) * (gain === undefined ? 1 : at(gain, i)));
}

function rotate(x: Vector, position: number, base: number): Vector {
  const half = x.length / 2;
  const turned = [...x];
  for (let i = 0; i < half; i++) {
    const angle = position * base ** ((-2 * i) / x.length);
    const [a, b] = [at(x, i), at(x, i + half)];
    turned[i] = a * Math.cos(angle) - b * Math.sin(angle);
    turned[i + half] = a * Math.sin(angle) + b * Math.cos(angle);
  }
  return turned;
}

/** Φ by integrating the normal density with Simpson's rule: slow, and not a library's erf. */
function normalCdf(x: number): number {
  const n = 600;
  const h = x / n;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * h) ** 2) / 2);
  }
  return 0.5 + ((h / 3) * sum) / Math.sqrt(2 * Math.PI);
}

const nonlinearity = {
  relu2: (x: number) => Math.max(x, 0) ** 2,
  gelu: (x: number) => x * normalCdf(x),
  swiglu: (x: number) => x / (1 + Math.exp(-x)),
};

function softmax(scores: Vector): Vector {
  const weights = scores.map((s) => Math.exp(s - Math.max(...scores)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

/** Logits [time][vocab] of one sequence. */
export function referenceLogits(config: FullGptConfig, params: ReferenceParams, tokens: number[]): Matrix {
  const { heads, width, queryKeyNorm, rotaryBase, activation } = config;
  const size = width / heads;
  const table = matrix(params.embedding);
  let x = tokens.map((token) => at(table, token));
  for (const { attention, feedForward } of params.blocks) {
    const input = x.map((row) => norm(row, vector(attention.gain)));
    const headsOf = (weight: Numbers, gain: Numbers | undefined, position: boolean): Vector[][] =>
      input.map((row, t) => {
        const all = times(matrix(weight), row);
        return Array.from({ length: heads }, (_, h) => {
          const part = all.slice(h * size, (h + 1) * size);
          if (!position) return part;
          return rotate(queryKeyNorm ? norm(part, vector(gain)) : part, t, rotaryBase);
        });
      });
    const query = headsOf(attention.query, attention.queryGain, true);
    const key = headsOf(attention.key, attention.keyGain, true);
    const value = headsOf(attention.value, undefined, false);
    x = x.map((row, t) => {
      const mixed = Array.from({ length: heads }, (_, h) => {
        const scores = Array.from({ length: t + 1 }, (_, s) => {
          const [q, k] = [at(at(query, t), h), at(at(key, s), h)];
          return q.reduce((sum, v, i) => sum + v * at(k, i), 0) / Math.sqrt(size);
        });
        const weights = softmax(scores);
        return Array.from({ length: size }, (_, i) =>
          weights.reduce((sum, w, s) => sum + w * at(at(at(value, s), h), i), 0),
        );
      });
      const written = times(matrix(attention.out), mixed.flat());
      return row.map((v, i) => v + at(written, i));
    });
    x = x.map((row) => {
      const normed = norm(row, vector(feedForward.gain));
      const up = times(matrix(feedForward.up), normed);
      const f = nonlinearity[activation];
      const hidden =
        feedForward.gate === undefined
          ? up.map(f)
          : times(matrix(feedForward.gate), normed).map((g, i) => f(g) * at(up, i));
      const written = times(matrix(feedForward.down), hidden);
      return row.map((v, i) => v + at(written, i));
    });
  }
  return x.map((row) => times(matrix(params.head ?? params.embedding), norm(row, vector(params.finalGain))));
}

/** Mean cross-entropy in nats over all positions of all sequences. */
export function referenceLoss(
  config: FullGptConfig,
  params: ReferenceParams,
  tokens: number[][],
  targets: number[][],
): number {
  const losses = tokens.flatMap((sequence, b) =>
    referenceLogits(config, params, sequence).map((logits, t) => {
      const max = Math.max(...logits);
      const log = max + Math.log(logits.reduce((sum, l) => sum + Math.exp(l - max), 0));
      return log - at(logits, at(at(targets, b), t));
    }),
  );
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
