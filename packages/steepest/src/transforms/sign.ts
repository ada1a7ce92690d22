import { numpy as np } from "@jax-js/jax";

import { stepsByGradients } from "../core/estimate.ts";
import type { StatelessTransform } from "../core/transform.ts";
import { mapUpdates } from "./scale.ts";

/** sign(u), with sign(0) = 0: −lmo of the max norm. */
export function sign(): StatelessTransform {
  return { ...mapUpdates((u) => np.sign(u)), estimate: stepsByGradients };
}
