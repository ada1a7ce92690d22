import {
  at,
  attention,
  layerNorm,
  type Matrix,
  matrix,
  type Numbered,
  nonlinearity,
  partsOf,
  plus,
  times,
  type Vector,
} from "./referenceMath.ts";

type Block = { attention: Record<string, unknown>; feedForward: Record<string, unknown> };

/** GPT-2 once more: logits [time][vocab] of one sequence. */
export function referenceGpt2(
  { heads, normEps, scale }: { heads: number; normEps: number; scale: number },
  params: Numbered,
  tokens: number[],
): Matrix {
  const { embedding, positions, finalGain, finalBias, blocks } = params as Record<string, unknown>;
  const norm = (x: Vector, gain: unknown, bias: unknown): Vector =>
    layerNorm(x, gain as Vector, bias as Vector, normEps);
  const affine = (weight: unknown, bias: unknown, x: Vector): Vector =>
    plus(times(matrix(weight), x), bias as Vector);
  let x = tokens.map((token, t) => plus(at(matrix(embedding), token), at(matrix(positions), t)));
  for (const { attention: a, feedForward: f } of blocks as Block[]) {
    const input = x.map((row) => norm(row, a.gain, a.bias));
    const split = (weight: unknown, bias: unknown): Vector[][] =>
      input.map((row) => partsOf(affine(weight, bias, row), heads));
    const mixed = attention(
      split(a.query, a.queryBias),
      split(a.key, a.keyBias),
      split(a.value, a.valueBias),
    );
    x = x.map((row, t) => plus(row, affine(a.out, a.outBias, at(mixed, t))));
    x = x.map((row) => {
      const up = affine(f.up, f.upBias, norm(row, f.gain, f.bias));
      const hidden = up.map((v) => scale * nonlinearity.tanhGelu(v));
      return plus(row, affine(f.down, f.downBias, hidden));
    });
  }
  return x.map((row) => times(matrix(embedding), norm(row, finalGain, finalBias)));
}
