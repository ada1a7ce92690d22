import { makeJaxpr, numpy as np, random } from "@jax-js/jax";
import {
  disposeTree,
  mapLeaves,
  namedLeaves,
  type Optimizer,
  type OptimizerState,
  refTree,
  type Tree,
} from "steepest";

import type { HostTensor, HostTensors } from "./hostTensor.ts";
import { expectFits, startingTrees } from "./startingTrees.ts";
import type { TrainingJob } from "./trainingEngine.ts";

/** The trees a job starts from, for an engine that keeps them in memory of its own. */
export interface OutsideStart {
  readonly params: Tree;
  readonly state: OptimizerState;
  /** What the leaves of either tree really are; those that are not here are what the tree says. */
  readonly values: { readonly params?: HostTensors; readonly state?: HostTensors };
}

/**
 * Starting parameters and state, never all of them inside jax-js: the memory of WebAssembly does not shrink again,
 * and would stay as large as the model. The trees hold zeros, which take no memory, and `values` the numbers.
 * An optimizer whose first state depends on the parameters gets them, and the trees are the real ones.
 */
export function startOutside(job: TrainingJob): OutsideStart {
  const { model, optimizer, seed, snapshot } = job;
  const taken: Record<string, HostTensor> = {};
  let asked = 0;
  const params: Tree = model.init(random.key(seed), {
    initialize: (key, parameter) => optimizer.initialize(key, parameter),
    take: ({ path }, value) => {
      asked++;
      const { shape } = value;
      if (snapshot === undefined) taken[path] = { dtype: "float32", shape, data: floats(path, value) };
      else value.dispose();
      return np.zeros(shape);
    },
  });
  // A model of somebody else's may not know `take`.
  if (asked < namedLeaves(params).length || !stateIsKnown(optimizer, params)) {
    disposeTree(params);
    return { ...startingTrees(job), values: {} };
  }
  const state = optimizer.init(refTree(params));
  if (snapshot === undefined) return { params, state, values: { params: taken } };
  expectFits("parameter", params, snapshot.params);
  expectFits("optimizer state", state, snapshot.state);
  return { params, state, values: snapshot };
}

function floats(path: string, value: np.Array): Float32Array {
  const data = value.dataSync();
  if (data instanceof Float32Array) return data;
  throw new Error(`internal: "${path}" starts as something else than float32`);
}

/** Whether an optimizer's first state is the same whatever the parameters are. Borrows the parameters. */
function stateIsKnown(optimizer: Optimizer, params: Tree): boolean {
  const like = mapLeaves((leaf: np.Array) => leaf, refTree(params));
  try {
    const { jaxpr } = makeJaxpr((tree: Tree) => optimizer.init(tree))(like as never).jaxpr;
    const given = new Set<unknown>(jaxpr.inBinders);
    return [...jaxpr.eqns.flatMap(({ inputs }) => inputs), ...jaxpr.outs].every((atom) => !given.has(atom));
  } catch {
    return false; // it looks at numbers, which nothing traced has
  } finally {
    disposeTree(like);
  }
}
