import { compiledStep, disposeTree, refTree, type Tree } from "steepest";
import type { Engine } from "./engine.ts";
import type { Task } from "./task.ts";
import type { Stand, Trainer } from "./trainer.ts";

/** Steps by jax-js, on its default device. Takes over what `start` holds. */
export function jaxTrainer(task: Task, start: Stand, engine: Engine): Trainer {
  const step = compiledStep(task.optimizer, (params: Tree, batch: Tree) => task.loss(params, batch));
  let now = start;
  return {
    engine,
    get step() {
      return now.step;
    },
    async train(learningRateScale) {
      const { loss, ...next } = step({ ...now, learningRateScale }, task.batch(now.step));
      now = next;
      return Number(await loss.jsAsync());
    },
    async stand() {
      return { ...now, params: refTree(now.params), state: refTree(now.state) };
    },
    async dispose() {
      step.dispose();
      disposeTree([now.params, now.state]);
    },
  };
}
