import { length } from "../norms/reduce.ts";
import type { StatelessTransform } from "../transform.ts";
import { mapWithWeights } from "./mapWithWeights.ts";
import { type TrustRatioOptions, trustRatio } from "./scaleByTrustRatio.ts";

/**
 * (u + λW) · κ‖W‖ / (‖u‖ + λ‖W‖ + eps): the trust ratio of LARS as printed, which adds the norms of gradient and
 * decay instead of taking the norm of their sum. 1 where ‖u‖ or ‖W‖ is 0.
 */
export function scaleBySummedTrustRatio(weightDecay: number, options: TrustRatioOptions): StatelessTransform {
  return mapWithWeights((u, w) => {
    const size = length(w.ref);
    const gradient = length(u.ref);
    const both = gradient.ref.add(size.ref.mul(weightDecay).mul(gradient.greater(0)));
    return u.add(w.mul(weightDecay)).mul(trustRatio(size, both, options));
  });
}
