import type { StatelessTransform } from "../../core/transform.ts";
import { length } from "../../matrix/reduce.ts";
import { mapWithWeights } from "../../transforms/mapWithWeights.ts";
import { type TrustRatioOptions, trustRatio } from "../../transforms/scaleByTrustRatio.ts";

export interface DecayedTrustRatioOptions extends TrustRatioOptions {
  /** What κ‖W‖ is divided by: ‖u‖ + λ‖W‖, or ‖u‖ alone. Default "sumOfNorms". */
  readonly denominator?: "sumOfNorms" | "gradient";
}

/**
 * (u + λW) · κ‖W‖ / (‖u‖ + λ‖W‖ + eps): the trust ratio of LARS as printed, which adds the norms of gradient
 * and decay instead of taking the norm of their sum; or with "gradient" · κ‖W‖ / (‖u‖ + eps), of the gradient
 * before decay. 1 where ‖u‖ or ‖W‖ is 0. Source: You, Gitman & Ginsburg 2017, arXiv:1708.03888; "gradient":
 * kozistr/pytorch_optimizer lars.py.
 */
export function scaleByDecayedTrustRatio(
  weightDecay: number,
  { denominator = "sumOfNorms", ...options }: DecayedTrustRatioOptions = {},
): StatelessTransform {
  const counted = denominator === "sumOfNorms" ? weightDecay : 0;
  return mapWithWeights((u, w) => {
    const size = length(w.ref);
    const gradient = length(u.ref);
    const both = gradient.ref.add(size.ref.mul(counted).mul(gradient.greater(0)));
    return u.add(w.mul(weightDecay)).mul(trustRatio(size, both, options));
  });
}
