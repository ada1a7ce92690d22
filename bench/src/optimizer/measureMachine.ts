import { numpy as np } from "@jax-js/jax";
import { TrainStep } from "@steepest/onnx";

import type { Machine } from "./protocol.ts";
import { timed } from "./timed.ts";

/** The best of a few runs of what is nothing but memory, and nothing but arithmetic. */
export async function measureMachine(): Promise<Machine> {
  const [length, side] = [2 ** 25, 2048];
  const best = async (fn: (x: np.Array) => np.Array, x: np.Array): Promise<number> => {
    const step = TrainStep.create(
      ({ x: given }: { x: np.Array }): [{ x: np.Array }, Record<string, np.Array>] => [{ x: fn(given) }, {}],
      { state: { x }, batch: {} },
    );
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 8; i++) least = Math.min(least, await timed(() => step.run()));
    step.dispose();
    return least;
  };
  const memory = await best((x) => x.mul(1.5), np.ones([length]));
  const product = await best((x) => np.matmul(x.ref, x), np.eye(side, side));
  return { gigabytesPerSecond: (8 * length) / memory / 1e6, gflops: (2 * side ** 3) / product / 1e6 };
}
