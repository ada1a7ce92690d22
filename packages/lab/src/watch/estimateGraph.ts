import { namedLeaves } from "steepest";

import type { HostTensor, HostTensors } from "../engine/hostTensor.ts";
import { layerGraph } from "./layerGraph.ts";
import type { RunToWatch } from "./runToWatch.ts";

/** The estimator of a run, compiled: from the state after a step and the gradients of that step. */
export function estimateGraph({ layers, estimate, threads }: RunToWatch): {
  of(state: HostTensors, gradients: HostTensors): Promise<HostTensors>;
  dispose(): void;
} {
  const graph = layerGraph<"state" | "gradients">(
    ({ state, gradients }) =>
      Object.fromEntries(
        namedLeaves(estimate(state, gradients)).map(([path, leaf]) => [path, leaf.reshape([-1])]),
      ),
    threads,
  );
  return {
    async of(state, gradients) {
      const found = await graph.run({ state, gradients });
      const tensors = layers.flatMap(({ path, shape }): [string, HostTensor][] => {
        const entries = found[path];
        return entries === undefined
          ? []
          : [[path, { dtype: "float32", shape, data: Float32Array.from(entries) }]];
      });
      return Object.fromEntries(tensors);
    },
    dispose: graph.dispose,
  };
}
