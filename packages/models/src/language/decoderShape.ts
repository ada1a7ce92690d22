import type { Activation } from "../layers/activation.ts";

/** Everything the forward pass of a rotary decoder depends on; `gpt`, `llama` and `qwen3` fill it in. */
export type DecoderShape = {
  readonly vocabSize: number;
  /** Longest sequence, in tokens. */
  readonly context: number;
  /** Size of the residual stream. */
  readonly width: number;
  /** Number of blocks. */
  readonly depth: number;
  /** Query heads. */
  readonly heads: number;
  /** Key and value heads; divides `heads`. */
  readonly kvHeads: number;
  /** Size of a head, even; heads · headDim need not be the width. */
  readonly headDim: number;
  readonly hiddenWidth: number;
  readonly activation: Activation;
  /** Multiply the nonlinearity with its `activationScales`. */
  readonly activationScale: boolean;
  /** One table for embedding and head. */
  readonly tiedHead: boolean;
  /** RMS-normalise queries and keys of each head, before the rotation. */
  readonly queryKeyNorm: boolean;
  /** Give every RMSNorm a trainable gain. */
  readonly normGain: boolean;
  /** Added to the mean square in every RMSNorm. */
  readonly normEps: number;
  readonly rotaryBase: number;
};
