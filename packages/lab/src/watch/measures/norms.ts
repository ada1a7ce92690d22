import { rowGeometry, weightBound } from "steepest/monitors";
import { createNorm } from "steepest/norms";

import type { HostTensors } from "../../engine/hostTensor.ts";
import { squaredLength } from "../hostMath.ts";
import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import type { LayerOfRun } from "../layerOfRun.ts";
import { byRole, type Finding, isMatrix, type Measure, sidesOf } from "../measure.ts";
import type { RunToWatch } from "../runToWatch.ts";
import { asInFile, finiteValues, type WatchLine } from "../watchLine.ts";

/** Of layers whose method has no norm. */
const euclidean = createNorm("frobenius");

interface LayerNumbers {
  readonly layer: LayerOfRun;
  readonly role: string;
  readonly squares: { readonly weight: number; readonly update: number };
  readonly values: Readonly<Record<string, number | undefined>>;
}

/**
 * ‖W‖ and ‖ΔW‖ of each layer in its method's own norm, without the radius, or in the Frobenius norm where it has none; beside
 * them what the method promises of ‖W‖ and the share of it that is used; RMS of the entries; of matrices the longest row and the
 * coherence of rows. Of roles and of all: RMS, and the largest share. `earlier` are the lines of a run that goes on.
 */
export function normsMeasure(run: RunToWatch, earlier: readonly WatchLine[]): Measure {
  const { layers } = run;
  const starts = startsIn(earlier);
  const graphs = layerGraphs<"w">(
    ({ w }, { geometry }) => ({ own: (geometry?.norm ?? euclidean).value(w) }),
    run.threads,
  );
  const ownNorm = async (layer: LayerOfRun, tensors: HostTensors): Promise<number> =>
    scalarOf((await graphs.run(layer, { w: tensors })).own);

  async function look(
    weights: HostTensors,
    update: HostTensors | undefined,
    sumOfFactors: number,
  ): Promise<Finding[]> {
    const found: LayerNumbers[] = [];
    for (const layer of layers) {
      const weight = await ownNorm(layer, weights);
      const rows = isMatrix(layer) ? rowGeometry(weights[layer.path]?.data ?? [], sidesOf(layer)) : undefined;
      if (update === undefined) starts.set(layer.path, asInFile(weight));
      const bound = boundOf(layer, starts.get(layer.path), sumOfFactors);
      found.push({
        layer,
        role: layer.role,
        squares: { weight: squareOf(weights, layer), update: update ? squareOf(update, layer) : 0 },
        values: {
          weight,
          update: update && (await ownNorm(layer, update)),
          radius: layer.geometry?.radius,
          bound,
          used: bound && weight / bound,
          rowMagnitude: rows?.magnitude,
          rowCoherence: rows?.coherence,
        },
      });
    }
    const rms = (group: readonly LayerNumbers[]): Record<string, number> => {
      const entries = group.reduce((sum, { layer }) => sum + layer.size, 0);
      const over = (of: "weight" | "update"): number =>
        Math.sqrt(group.reduce((sum, { squares }) => sum + squares[of], 0) / entries);
      return { weightRms: over("weight"), ...(update !== undefined && { updateRms: over("update") }) };
    };
    const together = (group: readonly LayerNumbers[]): Record<string, number> => {
      const used = group.flatMap(({ values }) => values.used ?? []);
      return finiteValues({ ...rms(group), ...(used.length > 0 && { used: Math.max(...used) }) });
    };
    return [
      ...found.map(
        (one): Finding => ({
          scope: "layer",
          name: one.layer.path,
          role: one.role,
          norm: one.layer.geometry?.normName ?? euclidean.name,
          values: finiteValues({ ...one.values, ...rms([one]) }),
        }),
      ),
      ...byRole(found).map(
        ([role, group]): Finding => ({ scope: "role", name: role, values: together(group) }),
      ),
      { scope: "all", name: "all", values: together(found) },
    ];
  }
  return {
    needs: [],
    look: ({ after, update, sumOfFactors }) => look(after, update, sumOfFactors),
    start: (weights) => look(weights, undefined, 0),
    dispose: graphs.dispose,
  };
}

/** ‖W₀‖ of each layer, as a run wrote it down when it began. */
function startsIn(earlier: readonly WatchLine[]): Map<string, number> {
  const own = earlier.filter(
    ({ step, diagnostic, scope }) => step === 0 && diagnostic === "norms" && scope === "layer",
  );
  return new Map(
    own.flatMap(({ name, values: { weight } }) => (weight === undefined ? [] : [[name, weight]])),
  );
}

function boundOf(
  { promise }: LayerOfRun,
  start: number | undefined,
  sumOfFactors: number,
): number | undefined {
  if (promise === undefined || start === undefined) return undefined;
  if (promise.kind === "ball") return weightBound({ constrained: true, start, radius: promise.radius });
  const sumOfRates = promise.rate * sumOfFactors;
  return weightBound({ constrained: false, start, radius: promise.radius, sumOfRates });
}

const squareOf = (tensors: HostTensors, { path }: LayerOfRun): number =>
  squaredLength(tensors[path] ?? { data: new Float32Array() });
