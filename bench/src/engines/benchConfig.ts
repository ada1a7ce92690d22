import { gpt, type Model } from "@steepest/models";

/** The shape of a GPT and of its batches; the vocabulary has 256 tokens, everything else is the model's default. */
export interface BenchConfig {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Tokens per sequence. */
  readonly context: number;
  /** Sequences. */
  readonly batch: number;
}

/** Heads are 64 wide, as in GPT-2. `tiny` is for trying the command out. */
export const benchConfigs = {
  tiny: { width: 32, depth: 1, heads: 2, context: 16, batch: 2 },
  small: { width: 128, depth: 4, heads: 2, context: 128, batch: 16 },
  medium: { width: 256, depth: 4, heads: 4, context: 256, batch: 8 },
  large: { width: 512, depth: 6, heads: 8, context: 256, batch: 8 },
} as const satisfies Record<string, BenchConfig>;

export type BenchConfigName = keyof typeof benchConfigs;

/** Those measured when none is named. */
export const defaultBenchConfigs: readonly BenchConfigName[] = ["small", "medium", "large"];

const VOCABULARY = 256;

export const benchModel = ({ width, depth, heads, context }: BenchConfig): Model =>
  gpt({ vocabSize: VOCABULARY, width, depth, heads, context });

/** `D=256 L=4 T=256 B=8`. */
export const configLabel = ({ width, depth, context, batch }: BenchConfig): string =>
  `D=${width} L=${depth} T=${context} B=${batch}`;

/**
 * Floating-point operations of a forward and a backward pass, 2 for each multiply-add, the backward pass counted as
 * two forward ones: 6 for each weight of a matrix product and token, and 12 · depth · context · width for each token's
 * attention (the two products with all positions, masked ones included). Chowdhery et al. 2022, arXiv:2204.02311,
 * appendix B. Softmax, norms and the optimizer's own arithmetic count nothing, here and in a training step.
 */
export const flopsOf = (config: BenchConfig): number =>
  benchModel(config).flopsPerToken * config.batch * config.context;

/** Deterministic tokens, the same for every engine, and for each the one that comes next. */
export function benchBatch({ batch, context }: BenchConfig): { tokens: Int32Array; targets: Int32Array } {
  const stream = new Int32Array(batch * context + 1);
  let state = 12345;
  for (let i = 0; i < stream.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' linear congruential generator
    stream[i] = Math.floor((state / 2 ** 32) * VOCABULARY);
  }
  return { tokens: stream.slice(0, -1), targets: stream.slice(1) };
}
