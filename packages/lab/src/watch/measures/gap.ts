import { numpy as np } from "@jax-js/jax";

import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { byRole, eachLayer, type Finding, type Measure } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";
import { finiteValues } from "../watchLine.ts";

/**
 * The Wolfe gap ⟨g, W⟩ + ρ‖g‖_* of each layer that its method keeps in a ball ‖W‖ ≤ ρ, and their sums: the gap of the product of
 * these balls. At the weights before the step, with the gradient of its batch.
 */
export function gapMeasure(run: RunToWatch): Measure {
  const layers = run.layers.filter(({ promise }) => promise?.kind === "ball");
  const graphs = layerGraphs<"gradient" | "weight">(({ gradient, weight }, { geometry }) => {
    if (geometry === undefined) throw new Error("internal: a gap without a norm");
    return { slope: np.sum(gradient.ref.mul(weight)), dual: geometry.norm.dual(gradient) };
  }, run.threads);
  return {
    needs: ["gradients"],
    async look({ gradients, before }) {
      const found = await eachLayer(layers, async (layer) => {
        const { slope, dual } = await graphs.run(layer, { gradient: gradients, weight: before });
        const radius = layer.promise?.radius ?? 1;
        return { ...layer, radius, gap: scalarOf(slope) + radius * scalarOf(dual) };
      });
      const sum = (group: typeof found): Record<string, number> =>
        finiteValues({ gap: group.reduce((total, { gap }) => total + gap, 0) });
      return [
        ...found.map(
          ({ path, role, geometry, gap, radius }): Finding => ({
            scope: "layer",
            name: path,
            role,
            ...(geometry !== undefined && { norm: geometry.normName }),
            values: finiteValues({ gap, radius }),
          }),
        ),
        ...byRole(found).map(([role, group]): Finding => ({ scope: "role", name: role, values: sum(group) })),
        { scope: "all", name: "all", values: sum(found) },
      ];
    },
    dispose: graphs.dispose,
  };
}
