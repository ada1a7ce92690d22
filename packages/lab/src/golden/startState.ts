import { numpy as np } from "@jax-js/jax";
import { namedLeaves, type OptimizerState, unflattenLike } from "steepest";

import type { Trajectory } from "./goldenFile.ts";

/** Our names of what files call the state of a parameter. */
const leafNames: Readonly<Record<string, string>> = { Q: "basis" };

/** The optimizer's state with what the file says of its start in place: Dion's random basis. Consumes the state. */
export function startState(golden: Trajectory, state: OptimizerState): OptimizerState {
  const given = new Map<string, np.Array>();
  for (const { name, state: own = {} } of golden.params) {
    for (const [key, { shape, data }] of Object.entries(own))
      given.set(`${name}.${leafNames[key] ?? key}`, np.array(Float32Array.from(data)).reshape(shape));
  }
  if (given.size === 0) return state;
  const leaves = namedLeaves(state).map(([path, leaf]): [string, np.Array] => {
    const found = [...given].find(([end]) => path.endsWith(`.${end}`));
    if (found === undefined) return [path, leaf];
    const [, replacement] = found;
    if (replacement.shape.join() !== leaf.shape.join())
      throw new Error(
        `${golden.optimizer}: state ${path} is [${leaf.shape}], the file has [${replacement.shape}]`,
      );
    leaf.dispose();
    given.delete(found[0]);
    return [path, replacement];
  });
  const [unused] = given.keys();
  if (unused !== undefined) throw new Error(`${golden.optimizer}: the state has no "${unused}"`);
  return unflattenLike(state, Object.fromEntries(leaves));
}
