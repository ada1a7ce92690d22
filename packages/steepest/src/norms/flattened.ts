import type { numpy as np } from "@jax-js/jax";

import { matrixSides } from "../core/parameters/matrixSides.ts";
import type { Norm } from "./norm.ts";

/**
 * A matrix norm for weights of any rank, seen as [d0, product of the rest]: a convolution [dOut, dIn, kh, kw] as
 * [dOut, dIn·kh·kw]. A vector is one column. Results have the shape of the argument.
 */
export function flattened(norm: Norm): Norm {
  const { lmoStack } = norm;
  return {
    name: norm.name,
    value: (x) => norm.value(x.reshape(matrixSides(x.shape))),
    dual: (g) => norm.dual(g.reshape(matrixSides(g.shape))),
    lmo(g) {
      const { shape } = g;
      return norm.lmo(g.reshape(matrixSides(shape))).reshape(shape);
    },
    sharp(g) {
      const { shape } = g;
      return norm.sharp(g.reshape(matrixSides(shape))).reshape(shape);
    },
    ...(lmoStack && {
      lmoStack(stack: np.Array): np.Array {
        const { shape } = stack;
        const [count = 1, ...one] = shape;
        return lmoStack(stack.reshape([count, ...matrixSides(one)])).reshape(shape);
      },
    }),
    init: (key, shape) => norm.init(key, matrixSides(shape)).reshape([...shape]),
  };
}
