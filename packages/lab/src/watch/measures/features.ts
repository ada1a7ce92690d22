import { numpy as np } from "@jax-js/jax";
import { watchLinear } from "@steepest/models";
import { type Arrays, disposeTree, namedLeaves, refTree } from "steepest";
import { largestSingularValue, rootMeanSquare } from "steepest/monitors";
import { lossOf } from "../../engine/batchFunctions.ts";
import type { HostTensors } from "../../engine/hostTensor.ts";
import { layerGraph } from "../layerGraph.ts";
import type { LayerOfRun } from "../layerOfRun.ts";
import { type LayerNumbers, meanLines } from "../meanLines.ts";
import { type Measure, sidesOf } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";

/**
 * What a step changes of the hidden vectors h of a batch: ‖h‖_RMS and ‖Δh‖_RMS of the output of each linear layer, before its
 * bias, from the weights before and after the step; ‖W‖ and ‖ΔW‖ as operators RMS→RMS, √(dIn/dOut)·σ₁, by Lanczos steps. A
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
  return {
    needs: [],
    async look({ before, after, update, batch }) {
      const { hidden = [], change = [] } = await forward.run({ before, after, batch });
      const found: LayerNumbers[] = [];
      for (const layer of run.layers) {
        const i = seen.indexOf(layer.path);
        if (i < 0) continue;
        found.push({
          ...layer,
          values: {
            hidden: hidden[i] ?? Number.NaN,
            change: change[i] ?? Number.NaN,
            weight: operatorNorm(layer, before),
            update: operatorNorm(layer, update),
          },
        });
      }
      return meanLines(found);
    },
    dispose: forward.dispose,
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

/** √(dIn/dOut)·σ₁. */
function operatorNorm(layer: LayerOfRun, tensors: HostTensors): number {
  const [rows, cols] = sidesOf(layer);
  return Math.sqrt(cols / rows) * largestSingularValue(tensors[layer.path]?.data ?? [], [rows, cols]);
}
