import { numpy as np, valueAndGrad } from "@jax-js/jax";
import { residentState } from "@steepest/kernels";
import { applyUpdates, refTree, stepKey, type Tree } from "steepest";
import type { Task } from "./task.ts";
import type { OptimizerState, Stand, Trainer } from "./trainer.ts";

type Held = { params: Tree; state: OptimizerState };
type Step = (held: Held, batch: Tree, scale: np.Array) => [Held, np.Array];

/**
 * Steps compiled whole into WebAssembly loops, on several threads where memory is shared. Takes over what `start` holds.
 * `train` rejects with `FuseError` for a step that cannot become loops; `stand` is as before it then.
 */
export function kernelTrainer(task: Task, start: Stand, threads: number): Trainer {
  const { optimizer } = task;
  const { period = 1 } = optimizer;
  const held = residentState({ params: start.params, state: start.state }, { threads });
  const steps = new Map<string, Step>(); // a function is compiled once, so it must be the same one
  let made = start.step;
  let rate = start.learningRateScale;

  const stepFor = (context: { readonly phase: number; readonly first: boolean }): Step => {
    const key = stepKey(optimizer, context);
    const known = steps.get(key);
    if (known !== undefined) return known;
    const step: Step = ({ params, state }, batch, learningRateScale) => {
      const [value, gradients] = valueAndGrad((p: Tree, b: Tree) => task.loss(p, b))(
        refTree(params),
        batch,
      ) as [np.Array, Tree];
      const place = { ...context, learningRateScale };
      const [updates, next] = optimizer.update(gradients, state, refTree(params), place);
      learningRateScale.dispose();
      return [{ params: applyUpdates(params, updates), state: next }, value];
    };
    steps.set(key, step);
    return step;
  };
  return {
    engine: { kind: "kernels", threads },
    get step() {
      return made;
    },
    async train(scale) {
      const step = stepFor({ phase: made % period, first: made === 0 });
      const factor = np.array(scale, { dtype: np.float32 });
      const loss = await held.run(step, task.batch(made), factor);
      made += 1;
      rate = scale;
      return Number(loss.item());
    },
    async stand() {
      return { ...(await held.read()), step: made, learningRateScale: rate };
    },
    async dispose() {
      held.dispose();
    },
  };
}
