import { type numpy as np, valueAndGrad } from "@jax-js/jax";
import { scalarNamed, tensorNamed } from "@steepest/lab/engine";
import { type NamedTensors, type StepResult, spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, disposeTree, type OptimizerState, refTree, type Tree } from "steepest";

import { benchBatch, benchModel } from "./benchConfig.ts";
import { type BenchBatch, benchStart, normOf, type StartWorkload, type Workload } from "./workload.ts";

type Both = { params: Tree; state: OptimizerState };

/** ONNX Runtime on all cores. Loss and gradients are one graph, the update is fused loops, as `steepest train` has them. */
export const startOnnxWorkload: StartWorkload = async (config, work): Promise<Workload> => {
  const model = benchModel(config);
  const { params, state, optimizer } = benchStart(config);
  const shape = [config.batch, config.context];
  const batch = { tokens: spec(shape, "int32"), targets: spec(shape, "int32") };
  const lossAndGradients = (weights: Tree, inputs: BenchBatch): [np.Array, Tree] =>
    valueAndGrad((p: Tree) => model.loss(p, inputs))(weights) as [np.Array, Tree];

  const gradientsOnly = (weights: Tree, inputs: BenchBatch): [Tree, Tree] => {
    const [loss, gradients] = lossAndGradients(refTree(weights), inputs);
    return [weights, { loss, gradients }];
  };
  const trainStep = (
    { params: weights, state: before }: Both,
    inputs: BenchBatch,
  ): StepResult<Both, Tree> => {
    const [loss, gradients] = lossAndGradients(refTree(weights), inputs);
    const [updates, after] = optimizer.update(refTree(gradients), before, refTree(weights), {
      phase: 0,
      first: false,
    });
    return [{ params: applyUpdates(weights, updates), state: after }, { loss }, gradients];
  };
  let step: Pick<TrainStep<Tree, BenchBatch, Tree>, "run" | "batch" | "dispose">;
  if (work === "train-step") {
    step = TrainStep.create(trainStep, { state: { params, state }, batch });
  } else {
    disposeTree(state);
    step = TrainStep.create(gradientsOnly, { state: params, batch });
  }
  for (const [name, values] of Object.entries(benchBatch(config))) tensorNamed(step.batch, name).set(values);
  let results: NamedTensors = {};
  return {
    async run() {
      results = await step.run();
      return scalarNamed(results, "loss");
    },
    ...(work === "value-and-grad" && {
      gradNorm: () =>
        normOf(Object.entries(results).flatMap(([path, data]) => (path === "loss" ? [] : [data]))),
    }),
    dispose: () => step.dispose(),
  };
};
