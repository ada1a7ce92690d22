import { totalmem } from "node:os";
import { numpy as np } from "@jax-js/jax";
import type { AnyModel } from "@steepest/models";
import { disposeTree, type Optimizer, stateFloats, type Tree } from "steepest";
import type { EngineName, RunPlan } from "../plan/runPlan.ts";
import { formatBytes, formatCount } from "../text/quantities.ts";

/** Bytes of a model and its optimizer in training, activations not counted. */
export interface TrainingBytes {
  readonly parameters: number;
  readonly state: number;
  readonly gradients: number;
}

/** Copies of parameters and state: ONNX Runtime overwrites them, jax-js makes new ones beside the old. */
const COPIES: Record<EngineName, number> = { onnx: 1, jax: 2 };

/**
 * What training needs in float32 by formula. Zeros take no memory until somebody asks for them, so that only what an
 * optimizer draws at random is there for a moment; where even that does not fit, its state counts as nothing.
 */
export function trainingBytes(
  { parameters: list, parameterCount }: Pick<AnyModel, "parameters" | "parameterCount">,
  optimizer: Optimizer,
  engine: EngineName,
): TrainingBytes {
  const params: Tree = Object.fromEntries(list.map(({ path, shape }) => [path, np.zeros([...shape])]));
  let floats = 0;
  try {
    const state = optimizer.init(params);
    floats = stateFloats(state);
    disposeTree(state);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // of an allocation
  }
  const copies = COPIES[engine];
  return {
    parameters: 4 * copies * parameterCount,
    state: 4 * copies * floats,
    gradients: 4 * parameterCount,
  };
}

/** Models above this share of the memory are worth a look at the optimizer's state. */
const SMALL = 0.02;

/** Throws a sentence with the bytes needed where parameters, state and gradients alone exceed the machine's memory. */
export function expectEnoughMemory(
  plan: RunPlan,
  model: AnyModel,
  optimizer: Optimizer,
  memory: number = totalmem(),
): void {
  if (8 * model.parameterCount < SMALL * memory) return;
  const { parameters, state, gradients } = trainingBytes(model, optimizer, plan.engine);
  const needed = parameters + state + gradients;
  if (needed <= memory) return;
  throw new Error(
    `${plan.model} with ${plan.optimizer} needs at least ${formatBytes(needed)} and this machine has ` +
      `${formatBytes(memory)}: ${formatCount(model.parameterCount)} parameters take ${formatBytes(parameters)}, the ` +
      `optimizer's state ${formatBytes(state)}, gradients ${formatBytes(gradients)}, and activations come on top; ` +
      "take a smaller model, or an optimizer with less state (steepest optimizers)",
  );
}
