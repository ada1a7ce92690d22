import { type numpy as np, random } from "@jax-js/jax";
import { length, unit } from "../matrix/reduce.ts";
import { defineNorm } from "./defineNorm.ts";
import { normEntry } from "./entry.ts";
import type { Norm } from "./norm.ts";

const rootSize = ({ size }: np.Array): number => Math.sqrt(size);

/**
 * The root mean square of all entries, n of them: a step of size η changes a typical entry by η at any size. Any shape.
 *
 *   value(x) = ‖x‖₂/√n      dual(g) = √n·‖g‖₂      lmo(g) = −√n·g/‖g‖₂      sharp(g) = n·g
 *
 * init: uniform on the sphere. Cost: two passes. Source: Bernstein & Newhouse 2024, arXiv:2410.21265.
 */
export function rms({ scale = 1 }: { readonly scale?: number } = {}): Norm {
  return defineNorm(
    {
      name: "rms",
      value(x) {
        const root = rootSize(x);
        return length(x).div(root);
      },
      dual(g) {
        const root = rootSize(g);
        return length(g).mul(root);
      },
      lmo(g) {
        const root = rootSize(g);
        return unit(g, 1, 0).mul(-root);
      },
      sharp: (g) => g.mul(g.size),
      init: (key, shape) => rms().lmo(random.normal(key, [...shape])),
    },
    scale,
  );
}

export const rmsEntry = normEntry({
  name: "rms",
  row: {
    value: "‖A‖_F/√n",
    dual: "√n‖G‖_F",
    lmo: "−√n·G/‖G‖_F",
    sharp: "n·G",
    init: "uniform on the sphere",
    cost: "2 passes",
  },
  create: rms,
});
