import { numpy as np, random } from "@jax-js/jax";
import { createOptimizer, disposeTree, mapLeaves, type OptimizerName } from "steepest";
import { expect, test } from "vitest";
import { instances } from "../src/report/norms/instances.ts";

/** Three updates of a hidden 6 × 4 matrix with given gradients. */
function updates(name: OptimizerName, options: Readonly<Record<string, unknown>>): number[] {
  const optimizer = createOptimizer(name, { learningRate: 0.01, roles: { w: "hidden" }, ...options });
  let state = optimizer.init({ w: np.zeros([6, 4]) });
  const moved: number[] = [];
  for (const seed of [1, 2, 3]) {
    const g = random.normal(random.key(seed), [6, 4]);
    const context = { phase: (seed - 1) % optimizer.period, first: seed === 1 };
    const [made, next] = optimizer.update({ w: g }, state, { w: np.zeros([6, 4]) }, context);
    state = next;
    mapLeaves((leaf) => {
      moved.push(...leaf.ref.dataSync());
      return leaf;
    }, made);
  }
  disposeTree(state);
  return moved;
}

test.each(instances)("$method is uSCG in the norm $norm", ({ optimizer, options, norm, uscg }) => {
  const own = updates(optimizer, options);
  const general = updates("uscg", { norm, ...uscg });
  const scale = Math.max(...own.map(Math.abs));
  for (const [i, value] of own.entries())
    expect(Math.abs(value - (general[i] ?? Number.NaN))).toBeLessThan(1e-5 * scale);
});
