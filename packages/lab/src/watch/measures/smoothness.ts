import { numpy as np } from "@jax-js/jax";
import { estimateSmoothness, type SmoothnessPoint } from "steepest/monitors";
import { createNorm } from "steepest/norms";

import { layerGraphs, scalarOf } from "../layerGraphs.ts";
import { eachLayer, type Measure } from "../measure.ts";
import { dualOfProduct, productOf, valueOfProduct } from "../product.ts";
import type { RunToWatch } from "../runToWatch.ts";
import { finiteValues, type WatchLine } from "../watchLine.ts";

const euclidean = createNorm("frobenius");

/**
 * How fast the gradient of a batch changes along the step, and what the descent lemma makes of it: a = ‖g‖_* and
 * Λ = ‖g⁺ − g‖_* / ‖s‖ (`smoothnessSample`), L0 and L1 of the line through all samples so far, how much the loss of the batch fell,
 * how much to first order, and how much at least for L = L0 + L1·a (`descentBound`). In the product of the layers' norms where
 * every parameter has one, else in the Euclidean norm. `earlier` are the lines of a run that goes on.
 */
export function smoothnessMeasure(run: RunToWatch, earlier: readonly WatchLine[]): Measure {
  const whole = run.layers.every(({ geometry }) => geometry !== undefined);
  const kind = whole ? productOf(run.optimizer.options) : "l2";
  const points = samplesIn(earlier);
  const graphs = layerGraphs<"gradient" | "next" | "step">(({ gradient, next, step }, { geometry }) => {
    const norm = whole && geometry !== undefined ? geometry.norm : euclidean;
    return {
      slope: np.sum(gradient.ref.mul(step.ref)),
      size: norm.value(step),
      change: norm.dual(next.sub(gradient.ref)),
      dual: norm.dual(gradient),
    };
  }, run.threads);
  return {
    needs: ["gradients", "next"],
    async look({ gradients, next, update, loss }) {
      if (next === undefined) throw new Error("internal: no gradient after the step");
      const found = await eachLayer(run.layers, async (layer) => {
        const sets = { gradient: gradients, next: next.gradients, step: update };
        const { slope, size, change, dual } = await graphs.run(layer, sets);
        const radius = whole ? (layer.geometry?.radius ?? 1) : 1;
        return {
          slope: scalarOf(slope),
          size: scalarOf(size) / radius,
          change: scalarOf(change) * radius,
          dual: scalarOf(dual) * radius,
        };
      });
      const each = (of: "size" | "change" | "dual"): number[] => found.map((layer) => layer[of]);
      const size = valueOfProduct(kind, each("size"));
      const gradientNorm = dualOfProduct(kind, each("dual"));
      const ratio = size > 0 ? dualOfProduct(kind, each("change")) / size : Number.NaN;
      points.push(
        ...samplesIn([{ diagnostic: "smoothness", values: finiteValues({ gradientNorm, ratio }) }]),
      );
      const { l0, l1 } = points.length === 0 ? { l0: 0, l1: 0 } : estimateSmoothness(points).fit;
      const linear = found.reduce((sum, { slope }) => sum - slope, 0);
      return [
        {
          scope: "all",
          name: "all",
          norm: whole ? `product (${kind}) of the layers' norms` : "euclidean",
          values: finiteValues({
            ...{ gradientNorm, ratio, l0, l1 },
            descent: loss - next.loss,
            linearDescent: linear,
            leastDescent: linear - ((l0 + l1 * gradientNorm) * size ** 2) / 2,
          }),
        },
      ];
    },
    dispose: graphs.dispose,
  };
}

/** The samples of lines, with the digits that a file has: a run that goes on has the same. */
function samplesIn(earlier: readonly Pick<WatchLine, "diagnostic" | "values">[]): SmoothnessPoint[] {
  return earlier.flatMap(({ diagnostic, values: { gradientNorm, ratio } }) =>
    diagnostic === "smoothness" && gradientNorm !== undefined && ratio !== undefined
      ? [{ gradientNorm, ratio }]
      : [],
  );
}
