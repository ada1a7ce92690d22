import { FuseError } from "@steepest/kernels";
import { decodeState } from "@steepest/models";
import { refTree } from "steepest";
import type { Engine } from "./engine.ts";
import { jaxTrainer } from "./jaxTrainer.ts";
import { kernelTrainer } from "./kernelTrainer.ts";
import type { Task } from "./task.ts";
import type { Stand, Trainer } from "./trainer.ts";

/**
 * The training of a task, from its start or from what `encodeState` made of another one's `stand`. Where the loops cannot do a
 * step, jax-js goes on from where they are.
 */
export function createTrainer(task: Task, engine: Engine, saved?: Uint8Array): Trainer {
  const params = task.start();
  const fresh: Stand = {
    params,
    state: task.optimizer.init(refTree(params)),
    step: 0,
    learningRateScale: 1,
  };
  const start = saved === undefined ? fresh : decodeState(saved, fresh);
  if (engine.kind !== "kernels") return jaxTrainer(task, start, engine);
  let inner: Trainer;
  try {
    inner = kernelTrainer(task, start, engine.threads);
  } catch (error) {
    if (!(error instanceof FuseError)) throw error;
    inner = jaxTrainer(task, start, { kind: "jax", because: error.message });
  }
  return {
    get engine() {
      return inner.engine;
    },
    get step() {
      return inner.step;
    },
    async train(scale) {
      try {
        return await inner.train(scale);
      } catch (error) {
        if (!(error instanceof FuseError)) throw error;
        const before = inner;
        inner = jaxTrainer(task, await before.stand(), { kind: "jax", because: error.message });
        await before.dispose();
        return inner.train(scale);
      }
    },
    stand: () => inner.stand(),
    dispose: () => inner.dispose(),
  };
}
