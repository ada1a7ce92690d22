import type { FullGptConfig } from "./gptConfig.ts";
import { type InitialValue, spectralInitialValue, withGains } from "./initialValue.ts";

/**
 * How a GPT starts when the optimizer does not say.
 *
 * - hidden: N(0, 1/dIn), which keeps the size of activations (LeCun et al. 1998, "Efficient BackProp");
 *   the two matrices that write to the residual stream are divided by √(2 depth), so that it has about the
 *   size of its input after all blocks (Radford et al. 2019, GPT-2).
 * - embedding: N(0, 1), an input of RMS 1, as the pre-norm blocks expect beside their own outputs.
 * - head, and a tied table: N(0, 0.02²), so that the first loss is close to log(vocabSize) (GPT-2).
 * - gain: 1.
 *
 * With `initialization: "spectral"` see `spectralInitialValue`.
 */
export function gptInitialValue(config: FullGptConfig): InitialValue {
  if (config.initialization === "spectral") return spectralInitialValue;
  return withGains(({ path, shape, role }) => {
    if (role === "embedding") return 1;
    if (role === "head") return 0.02;
    const writesResidual = path.endsWith(".out") || path.endsWith(".down");
    return 1 / Math.sqrt((shape[1] ?? 1) * (writesResidual ? 2 * config.depth : 1));
  });
}
