import { type InitialValue, spectralInitialValue, withGains } from "./initialValue.ts";
import type { FullLlamaConfig } from "./llamaConfig.ts";

/**
 * How a LLaMA or Qwen3 starts when the optimizer does not say: N(0, 0.02²) everywhere, gains 1, as Hugging
 * Face's `initializer_range` has it. With `initialization: "spectral"` see `spectralInitialValue`.
 */
export const llamaInitialValue = ({ initialization }: FullLlamaConfig): InitialValue =>
  initialization === "spectral" ? spectralInitialValue : withGains(() => 0.02);
