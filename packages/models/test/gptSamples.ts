import { numpy as np, random } from "@jax-js/jax";
import { type DecoderParams, type GptConfig, gpt } from "@steepest/models";
import { mapLeaves } from "steepest";

/** Every option at least once on and once off; sizes that differ from each other, so that no axis is mixed up. */
export const sampleConfigs: readonly GptConfig[] = [
  { vocabSize: 7, context: 5, width: 12, depth: 2, heads: 3 },
  { vocabSize: 7, context: 5, width: 12, depth: 1, heads: 2, tiedHead: true, activation: "gelu" },
  {
    vocabSize: 7,
    context: 5,
    width: 8,
    depth: 2,
    heads: 2,
    activation: "swiglu",
    normGain: true,
    rotaryBase: 50,
  },
  {
    vocabSize: 7,
    context: 5,
    width: 8,
    depth: 1,
    heads: 1,
    queryKeyNorm: false,
    normGain: true,
    hiddenWidth: 5,
  },
  { vocabSize: 7, context: 5, width: 4, depth: 0, heads: 1 },
];

export const titleOf = (config: GptConfig): string => JSON.stringify(config);

/** Parameters of any dtype with nothing special about them: gains differ from 1, the head is not tiny. */
export function sampleParams(config: GptConfig, dtype: np.DType = np.float32, seed = 3): DecoderParams {
  const params = gpt(config).init(random.key(seed), {
    initialize: (key, { shape, role }) =>
      random
        .normal(key, [...shape])
        .mul(role === "gain" ? 0.2 : 0.6)
        .add(role === "gain" ? 1 : 0),
  });
  return mapLeaves((x) => x.astype(dtype), params);
}

export const tokens2x5 = [
  [0, 3, 6, 1, 2],
  [5, 5, 0, 4, 6],
];
export const targets2x5 = [
  [3, 6, 1, 2, 0],
  [5, 0, 4, 6, 1],
];

export const ids = (rows: number[][]): np.Array => np.array(rows, { dtype: np.int32 });
