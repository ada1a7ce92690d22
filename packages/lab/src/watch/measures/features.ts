import { numpy as np } from "@jax-js/jax";
import { watchLinear } from "@steepest/models";
import { type Arrays, disposeTree, namedLeaves, refTree } from "steepest";
import { lanczos } from "steepest/matrix";
import { rootMeanSquare } from "steepest/monitors";

import { lossOf } from "../../engine/batchFunctions.ts";
import { layerGraph } from "../layerGraph.ts";
import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { type LayerNumbers, meanLines } from "../meanLines.ts";
import { type Measure, sidesOf } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";

/**
 * What a step changes of the hidden vectors h of a batch: ‖h‖_RMS and ‖Δh‖_RMS of the output of each linear layer, before its
 * bias, from the weights before and after the step; ‖W‖ and ‖ΔW‖ as operators RMS→RMS, √(dIn/dOut)·σ₁, by ten Lanczos steps. A
 * table that is also the head counts as the head. Convolutions are not seen. Of roles and of all: means.
 */
export function featuresMeasure(run: RunToWatch): Measure {
  let seen: readonly string[] = [];
  const forward = layerGraph<"before" | "after" | "batch">(({ before, after, batch }) => {
    const first = outputsOf(run, before, refTree(batch));
    const second = outputsOf(run, after, batch);
    seen = [...first.keys()];
    const pairs = seen.map((path) => {
      const [h, then] = [first.get(path), second.get(path)];
      if (h === undefined || then === undefined) throw new Error(`internal: nothing seen of "${path}"`);
      return [rootMeanSquare(h.ref), rootMeanSquare(then.sub(h))] as const;
    });
    return {
      hidden: np.stack(pairs.map(([hidden]) => hidden)),
      change: np.stack(pairs.map(([, change]) => change)),
    };
  }, run.threads);
  const operators = layerGraphs<"weight" | "update">(
    ({ weight, update }, layer) => ({
      weight: operatorNorm(weight, sidesOf(layer)),
      update: operatorNorm(update, sidesOf(layer)),
    }),
    run.threads,
  );
  return {
    needs: [],
    async look({ before, after, update, batch }) {
      const { hidden = [], change = [] } = await forward.run({ before, after, batch });
      const found: LayerNumbers[] = [];
      for (const layer of run.layers) {
        const i = seen.indexOf(layer.path);
        if (i < 0) continue;
        const norms = await operators.run(layer, { weight: before, update });
        found.push({
          ...layer,
          values: {
            hidden: hidden[i] ?? Number.NaN,
            change: change[i] ?? Number.NaN,
            weight: scalarOf(norms.weight),
            update: scalarOf(norms.update),
          },
        });
      }
      return meanLines(found);
    },
    dispose() {
      forward.dispose();
      operators.dispose();
    },
  };
}

/** The outputs of linear layers by the path of their weight. Consumes weights and batch. */
function outputsOf({ model, nest }: RunToWatch, weights: Arrays, batch: Arrays): Map<string, np.Array> {
  const found = new Map<string, np.Array>();
  const pathOf = new Map(namedLeaves(weights).map(([path, leaf]) => [leaf, path]));
  const loss = watchLinear(
    (_, weight, y) => {
      const path = pathOf.get(weight);
      if (path === undefined) return y;
      const other = found.get(path);
      if (other !== undefined) disposeTree(other); // a layer that is used twice counts where it is used last
      found.set(path, y.ref);
      return y;
    },
    () => lossOf(model)(nest(weights), batch),
  );
  loss.dispose();
  return found;
}

/** √(dIn/dOut)·σ₁. Consumes w. */
function operatorNorm(w: np.Array, [rows, cols]: readonly [number, number]): np.Array {
  const { sigma, u, v } = lanczos(w.reshape([rows, cols]));
  u.dispose();
  v.dispose();
  return sigma.mul(Math.sqrt(cols / rows));
}
