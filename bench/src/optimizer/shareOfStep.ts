import { type numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { stepVariants, tensorNamed } from "@steepest/lab/engine";
import { type StepResult, spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, createOptimizer, type OptimizerState, refTree, type Tree } from "steepest";

import { type BenchConfigName, benchBatch, benchConfigs, benchModel } from "../engines/benchConfig.ts";
import type { BenchBatch } from "../engines/workload.ts";

type Trained = { params: Tree; state: OptimizerState };

/** Times of whole training steps, and of loss and gradients in each of them. */
export async function shareOfStep(
  configName: string,
  optimizerName: string,
  atLeast: number,
): Promise<{ step: number[]; gradients: number[] }> {
  const config = benchConfigs[configName as BenchConfigName];
  const model = benchModel(config);
  const params: Tree = model.init(random.key(0));
  const optimizer = createOptimizer(optimizerName, { roles: model.roles() } as never);
  const variants = stepVariants(optimizer);
  const shape = [config.batch, config.context];
  const whole = TrainStep.create(
    ({ params: weights, state }: Trained, inputs: BenchBatch, variant): StepResult<Trained, Tree> => {
      const lossOf = (p: Tree): np.Array => model.loss(p, inputs);
      const [loss, gradients] = valueAndGrad(lossOf)(refTree(weights)) as [np.Array, Tree];
      const context = variants.contexts[variant];
      const [updates, next] = optimizer.update(refTree(gradients), state, refTree(weights), context);
      return [{ params: applyUpdates(weights, updates), state: next }, { loss }, gradients];
    },
    {
      state: { params, state: optimizer.init(refTree(params)) },
      batch: { tokens: spec(shape, "int32"), targets: spec(shape, "int32") },
      phases: variants.contexts.length,
    },
  );
  for (const [name, values] of Object.entries(benchBatch(config))) tensorNamed(whole.batch, name).set(values);
  const times = { step: [] as number[], gradients: [] as number[] };
  await whole.run();
  for (const begin = performance.now(); performance.now() - begin < atLeast; ) {
    whole.steps = variants.of(optimizer.period + (times.step.length % optimizer.period));
    const started = performance.now();
    await whole.run(undefined, () => times.gradients.push(performance.now() - started) > 0);
    times.step.push(performance.now() - started);
  }
  whole.dispose();
  return times;
}
