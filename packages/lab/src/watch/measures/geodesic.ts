import { obliqueDistance, sphereDistance, stiefelDistance, stiefelOverlap } from "steepest/monitors";

import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { type LayerNumbers, meanLines } from "../meanLines.ts";
import { eachLayer, isMatrix, type Measure, sidesOf } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";

/**
 * How far an update is from the one before it, each put on a manifold: oblique (columns), sphere, Stiefel. Of roles and of all:
 * means. Nothing where the update before is not known.
 */
export function geodesicMeasure(run: RunToWatch): Measure {
  const layers = run.layers.filter(isMatrix);
  const graphs = layerGraphs<"earlier" | "update">(({ earlier, update }, layer) => {
    const [a, b] = [earlier.reshape(sidesOf(layer)), update.reshape(sidesOf(layer))];
    return {
      oblique: obliqueDistance(a.ref, b.ref),
      sphere: sphereDistance(a.ref, b.ref),
      overlap: stiefelOverlap(a, b).reshape([-1]),
    };
  }, run.threads);
  return {
    needs: ["earlier"],
    async look({ earlier, update }) {
      if (earlier === undefined) return [];
      const found = await eachLayer(layers, async (layer): Promise<LayerNumbers> => {
        const { oblique, sphere, overlap = [] } = await graphs.run(layer, { earlier, update });
        const stiefel = overlap.every(Number.isFinite) ? stiefelDistance(overlap) : Number.NaN;
        const values = { oblique: scalarOf(oblique), sphere: scalarOf(sphere), stiefel };
        return { ...layer, values };
      });
      return meanLines(found);
    },
    dispose: graphs.dispose,
  };
}
