import { numpy as np } from "@jax-js/jax";

import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { byRole, eachLayer, type Finding, type Measure } from "../measure.ts";
import { dualOfProduct, productOf } from "../product.ts";
import type { RunToWatch } from "../runToWatch.ts";
import { finiteValues } from "../watchLine.ts";

/**
 * The dual norm of the estimator d that the method steps by, rₗ‖dₗ‖ₗ,* of each layer that it has a norm for, and of all
 * together: the sum, or with the product `l2` the root of the sum of squares. Beside it the threshold that a method compares with
 * it, and `compared`, the number that it compares: for Clipped Scion ⟨d, x⟩ + ‖d‖_*, for the others the dual norm.
 */
export function dualMeasure(run: RunToWatch): Measure {
  const layers = run.layers.filter(({ geometry }) => geometry !== undefined);
  const { options, name } = run.optimizer;
  const threshold = [options.threshold, options.rho].find((value) => typeof value === "number");
  const kind = productOf(options);
  const inBall = name === "clipped_scion";
  const graphs = layerGraphs<"estimate" | "weight">(({ estimate, weight }, { geometry }) => {
    if (geometry === undefined) throw new Error("internal: a dual norm without a norm");
    return { slope: np.sum(estimate.ref.mul(weight)), dual: geometry.norm.dual(estimate) };
  }, run.threads);
  return {
    needs: ["gradients", "estimate"],
    async look({ estimate, before }) {
      const found = await eachLayer(layers, async (layer) => {
        const { slope, dual } = await graphs.run(layer, { estimate, weight: before });
        const radius = layer.geometry?.radius ?? 1;
        return { ...layer, radius, slope: scalarOf(slope), dual: radius * scalarOf(dual) };
      });
      const together = (group: typeof found): number =>
        dualOfProduct(
          kind,
          group.map(({ dual }) => dual),
        );
      const dual = together(found);
      const compared = inBall ? dual + found.reduce((sum, { slope }) => sum + slope, 0) : dual;
      return [
        ...found.map(
          ({ path, role, geometry, radius, dual: own }): Finding => ({
            scope: "layer",
            name: path,
            role,
            ...(geometry !== undefined && { norm: geometry.normName }),
            values: finiteValues({ dual: own, radius }),
          }),
        ),
        ...byRole(found).map(
          ([role, group]): Finding => ({
            scope: "role",
            name: role,
            values: finiteValues({ dual: together(group) }),
          }),
        ),
        {
          scope: "all",
          name: "all",
          values: finiteValues({ dual, ...(typeof threshold === "number" && { threshold, compared }) }),
        },
      ];
    },
    dispose: graphs.dispose,
  };
}
