import { numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";

import { createOptimizer, type LayerNumbers, type StepContext } from "../src/index.ts";

const shapes = { a: [3, 4], b: [4, 2], c: [5] } as const;
type Path = keyof typeof shapes;
const paths = Object.keys(shapes) as Path[];
const numbers = (path: Path, seed: number): np.Array => {
  const size = shapes[path].reduce((x: number, y: number) => x * y, 1);
  return np
    .array(Float32Array.from({ length: size }, (_, i) => Math.sin(seed + 3 * i + size)))
    .reshape([...shapes[path]]);
};

/** Above any sum, so that every step depends on it. */
const unclipped = (name: string): object => (/scion/.test(name) ? { rho: 1e4 } : { threshold: 1e4 });

/** The update of some of the parameters; what it tells of its layers goes to `tell`. */
function updated(
  name: string,
  own: readonly Path[],
  allLayers?: StepContext["allLayers"],
): Record<string, number[]> {
  const optimizer = createOptimizer(name, { momentum: 0.5, ...unclipped(name) });
  const tree = (seed: number) => Object.fromEntries(own.map((path) => [path, numbers(path, seed)]));
  const state = optimizer.init(tree(1));
  const context = { phase: 0, first: true, ...(allLayers !== undefined && { allLayers }) };
  const [updates, after] = optimizer.update(tree(2), state, tree(1), context);
  for (const groups of Object.values(after)) drop(groups);
  return Object.fromEntries(
    Object.entries(updates as Record<string, np.Array>).map(([path, leaf]) => [path, [...leaf.dataSync()]]),
  );
}
function drop(node: unknown): void {
  if (node instanceof np.Array) node.dispose();
  else if (typeof node === "object" && node !== null) for (const inner of Object.values(node)) drop(inner);
}

test.each([
  "clipped_scion",
  "unconstrained_clipped_scion",
  "ggnc",
  "s3cg",
  "clipped_sign",
  "clipped_spectral",
])("%s: parameters in two parts that tell each other their numbers move as all together", (name) => {
  const parts: Path[][] = [["a", "c"], ["b"]];
  const told = new Map<string, number>();
  for (const part of parts) {
    updated(name, part, (own): LayerNumbers => {
      for (const [path, number] of own) told.set(path, number.ref.item());
      return own;
    });
  }
  const layers = paths.filter((path) => told.has(path)); // clipped_spectral leaves vectors to another method
  expect(layers.length).toBeGreaterThan(1);
  const shared = parts.map((part) =>
    updated(name, part, (own): LayerNumbers => {
      for (const [, number] of own) number.dispose();
      return new Map(layers.map((path) => [path, np.array(told.get(path) ?? Number.NaN)]));
    }),
  );
  // Numbers that are read before they are added, as from others: jax-js may round the sum otherwise where it fuses it.
  const whole = updated(
    name,
    paths,
    (own) => new Map([...own].map(([path, n]) => [path, np.array(n.item())])),
  );
  const fused = updated(name, paths);
  for (const [path, entries] of Object.entries(whole))
    for (const [i, x] of entries.entries())
      expect(Math.abs((fused[path]?.[i] ?? 0) / x - 1)).toBeLessThan(1e-6);
  expect(Object.assign({}, ...shared)).toEqual(whole);
  // And the sum matters: by themselves the parts move otherwise.
  expect(updated(name, ["b"])).not.toEqual({ b: whole.b });
});
