import { numpy as np } from "@jax-js/jax";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Transform } from "../../core/transform.ts";
import { type Polar, polarFunction } from "../../matrix/polar.ts";
import { type PerParameterState, perParameter } from "../../transforms/perParameter.ts";

export interface Dion2StepOptions {
  /** Share of the short side's slices that moves at a step, rounded up; in (0, 1]. */
  readonly fraction: number;
  /** What of a slice that has moved stays in the buffer, in [0, 1). */
  readonly momentum: number;
  /** How O is found. Default "newtonSchulz". */
  readonly polar?: Polar;
}

/**
 * Orthogonalises the slices of the buffer with the largest ℓ₁ norm only, rows of a wide and columns of a tall
 * weight:
 *
 *   M ← M + G;  S = the ⌈fraction·k⌉ largest slices;  O = NewtonSchulz(M_S);  M_S ← momentum·M_S;  emits O on S, else 0
 *
 * fraction 1 is heavy-ball Muon without look-ahead. Newton-Schulz on a share f of the slices costs f to f² of
 * the whole. State mn. Source: Ahn et al. 2025, arXiv:2512.16928, microsoft/dion dion2.py.
 */
export function dion2Step({
  fraction,
  momentum,
  polar = "newtonSchulz",
}: Dion2StepOptions): Transform<PerParameterState<{ buffer: np.Array }>> {
  if (!(fraction > 0 && fraction <= 1))
    throw new RangeError(`dion2Step: fraction must be in (0, 1], got ${fraction}`);
  const msign = polarFunction(polar);
  return perParameter({
    name: "dion2Step",
    init: (weight) => ({ buffer: np.zerosLike(weight) }),
    update(gradient, { buffer: past }, weight) {
      weight.dispose();
      const { shape } = gradient;
      const sides = matrixSides(shape);
      const tall = sides[0] > sides[1];
      const turn = (x: np.Array): np.Array => (tall ? np.matrixTranspose(x) : x);
      const m = turn(past.add(gradient).reshape(sides)); // slices are rows now
      const slices = Math.min(...sides);
      const count = Math.ceil(fraction * slices);
      const order = np.argsort(np.sum(np.abs(m.ref), 1).neg());
      // One row per chosen slice with a 1 at its place: picks slices, and transposed puts them back.
      const pick = np
        .expandDims(order.slice([0, count]), 1)
        .equal(np.arange(slices).astype(np.int32))
        .astype(m.dtype);
      const place = np.matrixTranspose(pick.ref);
      const orthogonal = msign(np.matmul(pick.ref, m.ref));
      const chosen = np.sum(pick, 0).reshape([slices, 1]);
      const buffer = m.mul(chosen.mul(momentum - 1).add(1));
      const step = np.matmul(place, orthogonal);
      return [turn(step).reshape(shape), { buffer: turn(buffer).reshape(shape) }];
    },
    // With all slices moved M is μ(M + G), so that M + G was the heavy-ball sum.
    estimate({ buffer }, gradient) {
      const slices = Math.min(...matrixSides(buffer.shape));
      if (Math.ceil(fraction * slices) < slices)
        throw new Error(
          "dion2 keeps in its buffer what its steps left of every slice, which is no average of gradients: " +
            "take fraction 1 to have one, or the gradient itself",
        );
      return momentum === 0 ? gradient.ref : buffer.ref.mul((1 - momentum) / momentum);
    },
  });
}
