import { numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { spec, TrainStep } from "@steepest/onnx";
import { adamw, applyUpdates, compiledStep, refTree } from "steepest";
import { linear } from "steepest/schedules";
import { expect, test } from "vitest";

const values = (shape: number[], seed = 0): np.Array => random.normal(random.key(seed), shape);

test("a learning rate scale is an input of the native step, changed while it runs", async () => {
  const optimizer = adamw({ learningRate: 0.1, schedule: linear({ steps: 10 }) });
  type Weights = { w: np.Array };
  const of = ({ w }: Weights, x: np.Array): np.Array => np.mean(np.square(np.matmul(x, w)));
  const weights = { w: values([5, 2]) };
  const first = { params: weights, state: optimizer.init(refTree(weights)) };
  const step = TrainStep.create(
    ({ params, state }: typeof first, { x, scale }: { x: np.Array; scale: np.Array }) => {
      const [value, gradients] = valueAndGrad(of)(refTree(params), x);
      const context = { phase: 0, learningRateScale: scale };
      const [updates, next] = optimizer.update(refTree(gradients), state, refTree(params), context);
      scale.dispose();
      return [{ params: applyUpdates(params, updates), state: next }, { loss: value }, gradients];
    },
    { state: first, batch: { x: spec([7, 5]), scale: 1 } },
  );
  const easy = compiledStep(optimizer, of);
  let training = easy.init({ w: values([5, 2]) });
  for (const [i, learningRateScale] of [1, 0.5, 0, 0.25].entries()) {
    await step.run({ x: values([7, 5], i), scale: learningRateScale });
    const { loss: value, ...next } = easy({ ...training, learningRateScale }, values([7, 5], i));
    value.dispose();
    training = next;
  }
  const native = step.getState();
  expect(np.allclose(native.params.w, training.params.w, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
  tree.dispose([native.state, training.state]);
  easy.dispose();
  step.dispose();
});
