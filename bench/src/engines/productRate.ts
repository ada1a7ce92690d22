import { numpy as np } from "@jax-js/jax";
import { compile } from "@steepest/onnx";

const SIDE = 1024;
const FOR_MS = 200;

/** GFLOP/s of a product of two matrices of 1024² on ONNX Runtime, by the shortest of the runs of 200 ms. */
export async function productRate(): Promise<number> {
  const product = compile((a: np.Array, b: np.Array) => np.matmul(a, b));
  const [a, b] = [np.ones([SIDE, SIDE]), np.ones([SIDE, SIDE])];
  let least = Number.POSITIVE_INFINITY;
  const run = async (): Promise<number> => {
    const started = performance.now();
    const out = await product(a.ref, b.ref);
    const ms = performance.now() - started;
    out.dispose();
    return ms;
  };
  await run(); // compiles
  for (let spent = 0; spent < FOR_MS; ) {
    const ms = await run();
    least = Math.min(least, ms);
    spent += ms;
  }
  a.dispose();
  b.dispose();
  product.dispose();
  return Math.round((2 * SIDE ** 3) / least / 1e5) / 10;
}
