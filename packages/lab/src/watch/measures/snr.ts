import type { numpy as np } from "@jax-js/jax";
import { gradientNoise } from "steepest/monitors";

import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { byRole, eachLayer, type Finding, type Measure } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";
import { finiteValues } from "../watchLine.ts";

/** Variance of the batch's gradient from the gradients of its parts, and ‖ḡ‖² over it: of each layer, of roles, of all. */
export function snrMeasure(run: RunToWatch): Measure {
  const graphs = layerGraphs<string>((parts) => {
    const arrays: readonly np.Array[] = Object.values(parts);
    return { ...gradientNoise(arrays) };
  }, run.threads);
  return {
    needs: ["parts"],
    async look({ parts }) {
      const sets = Object.fromEntries(parts.map((part, i) => [`part ${i}`, part]));
      const found = await eachLayer(run.layers, async (layer) => {
        const { squaredNorm, variance } = await graphs.run(layer, sets);
        return { ...layer, squaredNorm: scalarOf(squaredNorm), variance: scalarOf(variance) };
      });
      const values = (group: typeof found): Record<string, number> => {
        const signal = group.reduce((sum, one) => sum + one.squaredNorm, 0);
        const noise = group.reduce((sum, one) => sum + one.variance, 0);
        return finiteValues({ norm: Math.sqrt(signal), variance: noise, snr: signal / noise });
      };
      return [
        ...found.map(
          (layer): Finding => ({
            scope: "layer",
            name: layer.path,
            role: layer.role,
            values: values([layer]),
          }),
        ),
        ...byRole(found).map(
          ([role, group]): Finding => ({ scope: "role", name: role, values: values(group) }),
        ),
        { scope: "all", name: "all", values: values(found) },
      ];
    },
    dispose: graphs.dispose,
  };
}
