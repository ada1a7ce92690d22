import { grad, nn, numpy as np } from "@jax-js/jax";
import { type AnyModel, captureLayers, counterRandom } from "@steepest/models";
import { disposeTree, mapLeaves, type Optimizer, refTree, type StepContext, type Tree } from "steepest";

import { type Batch, lossOf } from "./batchFunctions.ts";
import type { HostTensors } from "./hostTensor.ts";
import type { TrainingJob } from "./trainingEngine.ts";

/** A context and the arrays that were made for it. */
export interface KnownContext {
  readonly context: StepContext;
  /** A second use of the arrays, which belongs to who asks for it. */
  arrays(): Tree;
  /** Gives the arrays up. */
  release(): void;
}

/** What a step tells an optimizer that gradients do not suffice for. */
export interface StepKnowledge {
  /** The batch of a step with the random numbers that go with it. Deterministic. */
  withRandom(batch: HostTensors, step: number): HostTensors;
  /** A batch `withRandom` and without. Both are the same arrays. */
  split(batch: Batch): { plain: Batch; random: np.Array | undefined };
  /** The context with what the optimizer asks for. Borrows all arrays. */
  extend(context: StepContext, params: Tree, batch: Batch, random: np.Array | undefined): KnownContext;
}

/** The name of the uniform numbers in a batch. Names of tensors have no space. */
const RANDOM = "uniform numbers";

/**
 * For `kfac` what every hidden layer saw, for `sophia_g` the gradient for labels drawn from the model, for `ngd` the
 * gradient of every example. Undefined for optimizers that need nothing else. Throws for a model that cannot tell.
 */
export function stepKnowledge({ model, optimizer, seed }: TrainingJob): StepKnowledge | undefined {
  const { needs } = optimizer;
  if (needs === undefined) return undefined;
  if (model.kind === "problem") {
    throw new Error(
      `${optimizer.name} needs more than the gradient of ${model.name}, which has no examples: take another optimizer`,
    );
  }
  const loss = lossOf(model);
  const samples = needs === "sampledGradients";
  const rowsOf = (batch: HostTensors): readonly number[] => (batch.targets ?? batch.labels)?.shape ?? [];
  return {
    withRandom(batch, step) {
      if (!samples) return batch;
      const shape = rowsOf(batch);
      const size = shape.reduce((a, b) => a * b, 1);
      const data = Float32Array.from({ length: size }, (_, i) => counterRandom(seed, "labels", step, i));
      return { ...batch, [RANDOM]: { dtype: "float32", shape, data } };
    },
    split({ [RANDOM]: random, ...plain }) {
      return { plain, random };
    },
    extend(context, params, batch, random) {
      if (needs === "layers") {
        const paths = hiddenPaths(model, optimizer, params);
        const layers = captureLayers(loss, refTree(params), refTree(batch), paths);
        const seen = Object.entries(layers).map(([path, layer]): [string, Tree] => [path, { ...layer }]);
        return known({ ...context, layers }, Object.fromEntries(seen));
      }
      if (needs === "exampleGradients") {
        const exampleGradients = gradientsOfExamples(loss, params, batch);
        return known({ ...context, exampleGradients }, exampleGradients);
      }
      if (random === undefined) throw new Error("internal: a step without its random numbers");
      const drawn = drawLabels(model, params, batch, random);
      const sampledGradients = gradientOf(loss, params, drawn);
      return known({ ...context, sampledGradients }, sampledGradients);
    },
  };
}

const known = (context: StepContext, made: Tree): KnownContext => ({
  context,
  arrays: () => refTree(made),
  release: () => disposeTree(made),
});

const gradientOf = (loss: (params: Tree, batch: Batch) => np.Array, params: Tree, batch: Batch): Tree =>
  grad((p: Tree) => loss(p, batch))(refTree(params) as never) as Tree;

/** The weights that the method itself takes, in tree order. */
function hiddenPaths(model: AnyModel, optimizer: Optimizer, params: Tree): string[] {
  const linear = new Set(
    model.parameters
      .filter(({ role, shape }) => role === "hidden" && shape.length === 2)
      .map(({ path }) => path),
  );
  return optimizer
    .assign(params)
    .filter(({ path, method }) => linear.has(path) && method.name === optimizer.name)
    .map(({ path }) => path);
}

/** The batch with labels from the model's own distribution: the place where the summed probabilities pass u. */
function drawLabels(model: AnyModel, params: Tree, batch: Batch, uniform: np.Array): Batch {
  const [inputName, labelName] = model.kind === "language" ? ["tokens", "targets"] : ["images", "labels"];
  const { [inputName as string]: input, [labelName as string]: labels, ...rest } = refTree(batch);
  if (input === undefined || labels === undefined || model.kind === "problem")
    throw new Error("internal: a batch without labels");
  labels.dispose();
  const apply = model.apply as (params: Tree, input: np.Array) => np.Array;
  const logits = apply(refTree(params), input.ref);
  const below = np.cumsum(nn.softmax(logits, -1), -1);
  const classes = below.shape.at(-1) ?? 1;
  const passed = np.less(below, uniform.ref.reshape([...uniform.shape, 1]));
  // Counted in float32, exact up to 2²⁴: jax-js 0.1.25 cannot compile an integer sum of truth values over 8, 16, 24 … of them.
  const count = np.sum(passed.astype(np.float32), -1).astype(np.int32);
  const drawn = np.minimum(count, classes - 1);
  return { ...rest, [inputName as string]: input, [labelName as string]: drawn };
}

/** The gradient of each example by itself, a leading axis more than the weights. */
function gradientsOfExamples(
  loss: (params: Tree, batch: Batch) => np.Array,
  params: Tree,
  batch: Batch,
): Tree {
  const count = Object.values(batch)[0]?.shape[0] ?? 0;
  const each = Array.from({ length: count }, (_, i) => {
    const one = mapLeaves((leaf: np.Array) => leaf.slice([i, i + 1]), refTree(batch));
    return gradientOf(loss, params, one);
  });
  const [first, ...others] = each;
  if (first === undefined) throw new Error("internal: a step without examples");
  return mapLeaves((...leaves: np.Array[]) => np.stack(leaves), first, ...others);
}
