import type { numpy as np } from "@jax-js/jax";

import type { HostTensors } from "../engine/hostTensor.ts";
import { type LayerGraph, layerGraph } from "./layerGraph.ts";
import type { LayerOfRun } from "./layerOfRun.ts";

/** A compiled function of one parameter's tensors, one by name, that gives numbers by name. */
export interface LayerGraphs<Name extends string> {
  /** Of sets of tensors those of the layer go in. Scalars come back as lists of one. */
  run(
    layer: LayerOfRun,
    sets: Readonly<Record<Name, HostTensors>>,
  ): Promise<Readonly<Record<string, readonly number[]>>>;
  dispose(): void;
}

/**
 * Compiles `fn`, which owns its arrays, once for each norm and shape: blocks of a network share their graphs, where one graph of
 * all layers would take as long to make as all of them.
 */
export function layerGraphs<Name extends string>(
  fn: (tensors: Readonly<Record<Name, np.Array>>, layer: LayerOfRun) => Record<string, np.Array>,
  threads: number,
): LayerGraphs<Name> {
  const made = new Map<unknown, Map<string, LayerGraph<"layer">>>();
  const graphOf = (layer: LayerOfRun): LayerGraph<"layer"> => {
    const norm = layer.geometry?.norm;
    const ofNorm = made.get(norm) ?? new Map<string, LayerGraph<"layer">>();
    made.set(norm, ofNorm);
    const key = String(layer.shape);
    const graph =
      ofNorm.get(key) ??
      layerGraph<"layer">(({ layer: tensors }) => fn(tensors as Record<Name, np.Array>, layer), threads);
    ofNorm.set(key, graph);
    return graph;
  };
  return {
    run(layer, sets) {
      const own = Object.entries<HostTensors>(sets).map(([name, tensors]) => {
        const tensor = tensors[layer.path];
        if (tensor === undefined) throw new Error(`internal: no "${layer.path}" among ${name}`);
        return [name, tensor] as const;
      });
      return graphOf(layer).run({ layer: Object.fromEntries(own) });
    },
    dispose() {
      for (const graphs of made.values()) for (const graph of graphs.values()) graph.dispose();
    },
  };
}

/** The number of a scalar. */
export const scalarOf = (list: readonly number[] | undefined): number => list?.[0] ?? Number.NaN;
