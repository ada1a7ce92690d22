import type { Activation } from "../src/layers/activation.ts";
import {
  at,
  attention,
  type Matrix,
  matrix,
  type Numbered,
  nonlinearity,
  partsOf,
  plus,
  rmsNorm,
  rotate,
  times,
  type Vector,
  vector,
} from "./referenceMath.ts";

export interface ReferenceDecoder {
  readonly heads: number;
  readonly kvHeads: number;
  readonly queryKeyNorm: boolean;
  readonly rotaryBase: number;
  readonly normEps: number;
  readonly activation: Activation;
  /** What the nonlinearity is multiplied with. */
  readonly scale: number;
}

type Block = { attention: Record<string, unknown>; feedForward: Record<string, unknown> };

/** Logits [time][vocab] of one sequence, of the decoder that gpt, llama and qwen3 share. */
export function referenceDecoder(config: ReferenceDecoder, params: Numbered, tokens: number[]): Matrix {
  const { heads, kvHeads, queryKeyNorm, rotaryBase, normEps, scale } = config;
  const { embedding, head, finalGain, blocks } = params as Record<string, unknown>;
  const activate = (x: number): number => scale * nonlinearity[config.activation](x);
  let x = tokens.map((token) => at(matrix(embedding), token));
  for (const { attention: a, feedForward: f } of blocks as Block[]) {
    const input = x.map((row) => rmsNorm(row, vector(a.gain), normEps));
    const placed = (weight: unknown, gain: unknown, count: number): Vector[][] =>
      input.map((row, t) =>
        partsOf(times(matrix(weight), row), count).map((part) =>
          rotate(queryKeyNorm ? rmsNorm(part, vector(gain), normEps) : part, t, rotaryBase),
        ),
      );
    const value = input.map((row) => partsOf(times(matrix(a.value), row), kvHeads));
    const mixed = attention(placed(a.query, a.queryGain, heads), placed(a.key, a.keyGain, kvHeads), value);
    x = x.map((row, t) => plus(row, times(matrix(a.out), at(mixed, t))));
    x = x.map((row) => {
      const normed = rmsNorm(row, vector(f.gain), normEps);
      const up = times(matrix(f.up), normed);
      const hidden =
        f.gate === undefined
          ? up.map(activate)
          : times(matrix(f.gate), normed).map((g, i) => activate(g) * at(up, i));
      return plus(row, times(matrix(f.down), hidden));
    });
  }
  return x.map((row) => times(matrix(head ?? embedding), rmsNorm(row, vector(finalGain), normEps)));
}
