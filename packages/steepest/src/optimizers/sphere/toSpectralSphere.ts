import { jit, numpy as np } from "@jax-js/jax";
import type { StatelessTransform } from "../../core/transform.ts";
import { powerIteration } from "../../matrix/powerIteration.ts";
import { onMatrices } from "../../transforms/onMatrices.ts";
import { nearlyOnes, type SpectralSphereOptions, sphereRadius } from "./spectralSphereStep.ts";

/**
 * Behind the learning rate: adds what puts W on the sphere ‖W‖₂ = R *before* the step, (R/σ − 1)W, σ by the same power iteration.
 * So the stored weight is off the sphere by one step. Where the iteration finds no σ > 0 the weight stays. Decay of W would be
 * undone by it.
 */
export function toSpectralSphere({
  radius = sphereRadius,
  powerSteps: steps = 5,
}: SpectralSphereOptions = {}): StatelessTransform {
  const retract = jit((update: np.Array, weight: np.Array): np.Array => {
    const [rows = 1, cols = 1] = weight.shape;
    const { sigma, u, v } = powerIteration(weight.ref, { steps, start: nearlyOnes(weight) });
    u.dispose();
    v.dispose();
    const found = sigma.ref.greater(0);
    const factor = np.where(
      found.ref,
      np
        .reciprocal(np.where(found, sigma, 1))
        .mul(radius(rows, cols))
        .sub(1),
      0,
    );
    return update.add(weight.mul(factor));
  });
  return onMatrices((update, weight) => retract(update, weight));
}
