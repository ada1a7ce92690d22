/**
 * Pieces of transformers written with loops over plain float64 numbers, straight from the formulas. Nothing is shared
 * with the implementation under test.
 */
export type Numbers = number | Numbers[];
/** A parameter tree with nested lists of numbers at its leaves. */
export type Numbered = { [key: string]: Numbered | Numbers } | Numbered[];
export type Vector = number[];
export type Matrix = Vector[];

export const matrix = (x: unknown): Matrix => x as Matrix;
export const vector = (x: unknown): Vector | undefined => x as Vector | undefined;
export const at = <T>(xs: readonly T[], i: number): T => xs[i] as T;

export const times = (weight: Matrix, x: Vector): Vector =>
  weight.map((row) => row.reduce((sum, w, i) => sum + w * at(x, i), 0));

export const plus = (x: Vector, y: Vector): Vector => x.map((v, i) => v + at(y, i));

export function rmsNorm(x: Vector, gain: Vector | undefined, eps: number): Vector {
  const rms = Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length + eps);
  return x.map((v, i) => (v / rms) * (gain === undefined ? 1 : at(gain, i)));
}

export function layerNorm(x: Vector, gain: Vector, bias: Vector, eps: number): Vector {
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
  return x.map((v, i) => ((v - mean) / Math.sqrt(variance + eps)) * at(gain, i) + at(bias, i));
}

export function rotate(x: Vector, position: number, base: number): Vector {
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

export const nonlinearity = {
  relu2: (x: number) => Math.max(x, 0) ** 2,
  gelu: (x: number) => x * normalCdf(x),
  swiglu: (x: number) => x / (1 + Math.exp(-x)),
  tanhGelu: (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};

function softmax(scores: Vector): Vector {
  const weights = scores.map((s) => Math.exp(s - Math.max(...scores)));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

/** Consecutive parts of equal length. */
export const partsOf = (x: Vector, count: number): Vector[] =>
  Array.from({ length: count }, (_, h) => x.slice((h * x.length) / count, ((h + 1) * x.length) / count));

/**
 * Causal attention of one sequence, the heads' results joined: query [time][heads][size], key and value
 * [time][kvHeads][size]; query head h reads key head ⌊h · kvHeads / heads⌋.
 */
export function attention(query: Vector[][], key: Vector[][], value: Vector[][]): Vector[] {
  return query.map((heads, t) =>
    heads.flatMap((q, h) => {
      const kv = Math.floor((h * at(key, 0).length) / heads.length);
      const scores = Array.from({ length: t + 1 }, (_, s) => {
        const k = at(at(key, s), kv);
        return q.reduce((sum, v, i) => sum + v * at(k, i), 0) / Math.sqrt(q.length);
      });
      const weights = softmax(scores);
      return q.map((_, i) => weights.reduce((sum, w, s) => sum + w * at(at(at(value, s), kv), i), 0));
    }),
  );
}

/** Mean cross-entropy in nats over all positions of all sequences. */
export function crossEntropy(logits: Matrix[], targets: number[][]): number {
  const losses = logits.flatMap((rows, b) =>
    rows.map((row, t) => {
      const max = Math.max(...row);
      const log = max + Math.log(row.reduce((sum, l) => sum + Math.exp(l - max), 0));
      return log - at(row, at(at(targets, b), t));
    }),
  );
  return losses.reduce((a, b) => a + b, 0) / losses.length;
}
