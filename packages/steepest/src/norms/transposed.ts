import { numpy as np } from "@jax-js/jax";
import type { Norm } from "./norm.ts";
import { expectMatrix } from "./shape.ts";

/**
 * The norm of the transpose, for weights stored [dIn, dOut] such as embeddings [vocab, width]: ‖Wᵀ‖.
 *
 * Works for any matrix norm. The norms with a `transpose` option do the same without moving data.
 */
export function transposed(norm: Norm): Norm {
  const flip = (method: string, x: np.Array): np.Array => {
    expectMatrix(`transposed(${norm.name}).${method}`, x);
    return np.matrixTranspose(x);
  };
  const { lmoStack } = norm;
  return {
    name: `transposed(${norm.name})`,
    value: (x) => norm.value(flip("value", x)),
    dual: (g) => norm.dual(flip("dual", g)),
    lmo: (g) => np.matrixTranspose(norm.lmo(flip("lmo", g))),
    sharp: (g) => np.matrixTranspose(norm.sharp(flip("sharp", g))),
    ...(lmoStack && {
      lmoStack: (stack: np.Array) => np.matrixTranspose(lmoStack(np.matrixTranspose(stack))),
    }),
    init(key, shape) {
      const [m, n] = expectMatrix(`transposed(${norm.name}).init`, { shape });
      return np.matrixTranspose(norm.init(key, [n, m]));
    },
  };
}
