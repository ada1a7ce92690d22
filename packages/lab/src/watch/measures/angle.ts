import { obliqueDistance, sphereDistance } from "steepest/monitors";

import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { type LayerNumbers, meanLines } from "../meanLines.ts";
import { eachLayer, isMatrix, type Measure, sidesOf } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";

/**
 * The angular update of each matrix in radians: the angle between W and W⁺, and the root mean square of that of the rows, which
 * are the weights of one neuron each. Of roles and of all: means.
 */
export function angleMeasure(run: RunToWatch): Measure {
  const layers = run.layers.filter(isMatrix);
  const graphs = layerGraphs<"before" | "after">(({ before, after }, layer) => {
    const [a, b] = [before.reshape(sidesOf(layer)), after.reshape(sidesOf(layer))];
    return { angle: sphereDistance(a.ref, b.ref), rows: obliqueDistance(a, b, "rows") };
  }, run.threads);
  return {
    needs: [],
    async look({ before, after }) {
      const found = await eachLayer(layers, async (layer): Promise<LayerNumbers> => {
        const { angle, rows } = await graphs.run(layer, { before, after });
        const [neurons] = sidesOf(layer);
        const values = { angle: scalarOf(angle), rowAngle: scalarOf(rows) / Math.sqrt(neurons) };
        return { ...layer, values };
      });
      return meanLines(found);
    },
    dispose: graphs.dispose,
  };
}
