import { makeJaxpr, numpy as np, random } from "@jax-js/jax";
import type { InitOptions } from "@steepest/models";
import { disposeTree, namedLeaves, type Optimizer, type OptimizerState, refTree, type Tree } from "steepest";

import { toHost } from "../arrays.ts";
import type { HostTensor, HostTensors } from "../hostTensor.ts";
import { expectFits, partOf, startingTrees, stateOf } from "../startingTrees.ts";
import type { TrainingJob } from "../trainingEngine.ts";

/** The trees a job starts from, for an engine that keeps them in memory of its own. */
export interface OutsideStart {
  readonly params: Tree;
  readonly state: OptimizerState;
  /** Hands over the real numbers, one leaf after the other. A leaf that does not come is what its tree says. */
  write(put: PutValue): void;
}

/** Takes numbers of a leaf, all of it or those from an entry on. */
export type PutValue = (
  half: "params" | "state",
  path: string,
  data: HostTensor["data"],
  from: number,
) => void;

/**
 * Starting parameters and state, of which no two leaves are in jax-js at a time: the memory of WebAssembly does not
 * shrink again, and would stay as large as the model. The trees hold zeros, which take no memory.
 * Where an optimizer's first state depends on the parameters, the trees are the real ones. The state is that of the parameters that
 * `owns` names, by default of all.
 */
export function startOutside(job: TrainingJob, owns?: (path: string) => boolean): OutsideStart {
  const { optimizer, snapshot } = job;
  const asked = new Set<string>();
  const params = initWith(job, nothing, (path, value) => {
    asked.add(path);
    value.dispose(); // never computed
  });
  // A model of somebody else's may not know `take`.
  if (asked.size < namedLeaves(params).length || !stateIsKnown(optimizer, params)) {
    disposeTree(params);
    return { ...startingTrees(job, owns), write: () => {} };
  }
  const state = stateOf(optimizer, refTree(params), owns);
  const saved = snapshot && {
    params: snapshot.params,
    state: owns === undefined ? snapshot.state : partOf(snapshot.state, state),
  };
  if (saved !== undefined) {
    expectFits("parameter", params, saved.params);
    expectFits("optimizer state", state, saved.state);
  }
  return {
    params,
    state,
    write(put) {
      if (saved === undefined) {
        const initialize: Initialize = (key, parameter) => job.optimizer.initialize(key, parameter);
        const take: TakeValue = (path, value, from) => put("params", path, floats(path, value), from);
        disposeTree(initWith(job, initialize, take));
        return;
      }
      for (const half of ["params", "state"] as const) {
        for (const [path, { data }] of Object.entries(saved[half])) put(half, path, data, 0);
      }
    },
  };
}

type Initialize = NonNullable<InitOptions["initialize"]>;
type TakeValue = (path: string, value: np.Array, from: number) => void;

/** Zeros, where nobody will look at the numbers: drawing them takes longer than everything else at the start. */
const nothing: Initialize = (key, { shape }) => {
  key.dispose();
  return np.zeros([...shape]);
};

/** The tree of a model with zeros in it; each starting value goes to `take`, whole or in parts, which owns it. */
function initWith({ model, seed }: TrainingJob, initialize: Initialize, take: TakeValue): Tree {
  return model.init(random.key(seed), {
    initialize,
    take: ({ path }, value) => {
      const { shape } = value;
      take(path, value, 0);
      return np.zeros(shape);
    },
    takeRows: ({ path }, rows, from) => take(path, rows, from),
  });
}

function floats(path: string, value: np.Array): Float32Array {
  const data = value.dataSync();
  if (data instanceof Float32Array) return data;
  throw new Error(`internal: "${path}" starts as something else than float32`);
}

/** Whether an optimizer's first state is the same whatever the parameters are. Borrows the parameters. */
function stateIsKnown(optimizer: Optimizer, params: Tree): boolean {
  try {
    const { jaxpr, consts } = makeJaxpr((tree: Tree) => optimizer.init(tree))(params as never).jaxpr;
    for (const constant of consts) constant.dispose();
    const given = new Set<unknown>(jaxpr.inBinders.slice(consts.length));
    return [...jaxpr.eqns.flatMap(({ inputs }) => inputs), ...jaxpr.outs].every((atom) => !given.has(atom));
  } catch {
    return false; // it looks at numbers, which nothing traced has
  }
}

/** What the leaves of a start really are. */
export async function startingValues(
  { params, state, write }: OutsideStart,
  half: "params" | "state",
): Promise<HostTensors> {
  const found = await toHost({ params, state }[half]);
  write((of, path, data, from) => {
    if (of === half) found[path]?.data.set(data, from);
  });
  return found;
}
