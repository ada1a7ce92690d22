import { numpy as np } from "@jax-js/jax";
import { namedLeaves, type OptimizerState, unflattenLike } from "steepest";

import type { Trajectory } from "./goldenFile.ts";

/** Our names of what files call the state of a parameter. */
const leafNames: Readonly<Record<string, string>> = { Q: "basis" };

/** Momentum that does not start at zero, as our state holds it: the leaf, and a value for the parameter of this index. */
const momentumStarts: Readonly<Record<string, readonly [leaf: string, start: MomentumStart]>> = {
  // Updates enter LARS' sum with the rate.
  lars: ["sum", ({ grads, options }, i) => grads[0]?.[i]?.map((g) => -Number(options.lr) * g)],
  // A sum of gradients is 1/(1 − μ) times our average; the weights it starts as have decayed once.
  signum: [
    "average",
    ({ params, options: { lr, weightDecay, momentum } }, i) =>
      params[i]?.init.map((w) => w * (1 - Number(lr) * Number(weightDecay)) * (1 - Number(momentum))),
  ],
};
type MomentumStart = (golden: Trajectory, parameter: number) => readonly number[] | undefined;

/**
 * The optimizer's state with what the file says of its start in place: Dion's random basis, momentum that starts as the
 * first gradient or the weights. Consumes the state.
 */
export function startState(golden: Trajectory, state: OptimizerState): OptimizerState {
  const given = new Map<string, np.Array>();
  for (const { name, state: own = {} } of golden.params) {
    for (const [key, { shape, data }] of Object.entries(own))
      given.set(`${name}.${leafNames[key] ?? key}`, np.array(Float32Array.from(data)).reshape(shape));
  }
  const momentum = momentumStarts[golden.optimizer];
  if (momentum !== undefined && (golden.options.momentumInit ?? null) !== null) {
    const [leaf, start] = momentum;
    for (const [i, { name, shape }] of golden.params.entries())
      given.set(`${leaf}.${name}`, np.array(Float32Array.from(start(golden, i) ?? [])).reshape(shape));
  }
  if (given.size === 0) return state;
  const leaves = namedLeaves(state).map(([path, leaf]): [string, np.Array] => {
    const found = [...given].find(([end]) => path.endsWith(`.${end}`));
    if (found === undefined) return [path, leaf];
    const [, replacement] = found;
    if (replacement.shape.join() !== leaf.shape.join())
      throw new Error(
        `state ${path} of ${golden.optimizer} is [${leaf.shape}], the file has [${replacement.shape}]`,
      );
    leaf.dispose();
    given.delete(found[0]);
    return [path, replacement];
  });
  const [unused] = given.keys();
  if (unused !== undefined) throw new Error(`the state of ${golden.optimizer} has no "${unused}"`);
  return unflattenLike(state, Object.fromEntries(leaves));
}
