import { numpy as np } from "@jax-js/jax";
import { createOptimizer, type OptimizerName, refTree } from "steepest";
import { createNorm, flattened, type Norm, scaled, transposed } from "steepest/norms";
import { oracleStep, smoothnessStep } from "steepest/steps";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { array, distance, wave } from "./support/trees.ts";

const stackOf = (shape: readonly number[]): np.Array =>
  np.stack(
    [1, 2, 3].map((seed) =>
      array(
        wave(
          shape.reduce((a, b) => a * b),
          seed,
        ),
        shape,
      ),
    ),
  );

const exact = { polar: "svd" } as const;
const cases: [label: string, norm: Norm, shape: number[]][] = [
  ["operator", createNorm("operator", exact), [3, 5]],
  ["spectral", createNorm("spectral"), [5, 3]],
  ["spectral_2rms, transpose", createNorm("spectral_2rms", { ...exact, transpose: true }), [3, 5]],
  ["spectral_conv", createNorm("spectral_conv"), [3, 2, 2, 2]],
  ["nuclear, Lanczos", createNorm("nuclear", { topPair: "lanczos" }), [3, 5]],
  ["nuclear", createNorm("nuclear"), [3, 5]],
  ["auto on matrices", createNorm("auto", exact), [3, 5]],
  ["auto on convolutions", createNorm("auto", exact), [3, 2, 4]],
  ["scaled(spectral)", scaled(createNorm("spectral"), 3), [3, 5]],
  ["transposed(spectral)", transposed(createNorm("spectral")), [3, 5]],
  ["flattened(operator)", flattened(createNorm("operator")), [3, 2, 4]],
];

describe.each(cases)("lmoStack of %s", (_label, norm, shape) => {
  test("is lmo of each, in the shape of the stack, and leaks nothing", async () => {
    const steps = norm.lmoStack?.(stackOf(shape));
    expect(steps?.shape).toEqual([3, ...shape]);
    for (const i of [0, 1, 2]) {
      const alone = norm.lmo(stackOf(shape).slice(i));
      const together = norm.lmoStack?.(stackOf(shape)).slice(i) ?? np.zeros(shape);
      expect(distance([...together.dataSync()], [...alone.dataSync()])).toBeLessThan(1e-5);
    }
    steps?.dispose();
    expect(await leakedBuffers(() => norm.lmoStack?.(stackOf(shape)).js())).toBe(0);
  });
});

test("a polar factor of one's own is asked for one matrix at a time", () => {
  const own = createNorm("operator", { polar: (x) => x.ref.div(x.shape[0] ?? 1) });
  expect(own.lmoStack).toBeUndefined();
});

describe("equal shapes go through the oracle as one stack", () => {
  /** A norm that counts how it is asked. */
  function counting(): { norm: Norm; asked: { alone: number; together: number } } {
    const asked = { alone: 0, together: 0 };
    const { lmo, lmoStack, ...rest } = createNorm("spectral");
    const norm: Norm = {
      ...rest,
      lmo(g) {
        asked.alone++;
        return lmo(g);
      },
      lmoStack(g) {
        asked.together++;
        return lmoStack?.(g) ?? g;
      },
    };
    return { norm, asked };
  }
  const tree = (seed: number): Record<string, np.Array> => ({
    a: array(wave(24, seed), [4, 6]),
    wide: array(wave(24, seed + 1), [3, 8]),
    b: array(wave(24, seed + 2), [4, 6]),
    large: array(wave(2 ** 15, seed + 3), [2, 2 ** 14]),
    "large.again": array(wave(2 ** 15, seed + 4), [2, 2 ** 14]),
    "fused[0]": array(wave(2 ** 15, seed + 5), [2, 2 ** 14]),
    "fused[1]": array(wave(2 ** 15, seed + 6), [2, 2 ** 14]),
  });

  test.each(["oracleStep", "smoothnessStep"] as const)(
    "%s: same steps, in the tree's order",
    async (kind) => {
      const { norm, asked } = counting();
      const step = (one: Norm) =>
        kind === "oracleStep" ? oracleStep(one, 2) : smoothnessStep(one, 2, { l0: 1, l1: 1 });
      const [moved] = step(norm).update(tree(1), {}, tree(2));
      // Small ones of [4, 6] and the blocks of one weight; alone: wide, both large ones.
      expect(asked).toEqual({ alone: 3, together: 2 });
      const { lmoStack: _, ...plain } = createNorm("spectral");
      const [expected] = step(plain).update(tree(1), {}, tree(2));
      expect(Object.keys(moved)).toEqual(Object.keys(tree(1)));
      for (const [path, leaf] of Object.entries(expected as Record<string, np.Array>)) {
        const own = (moved as Record<string, np.Array>)[path];
        expect(own?.shape).toEqual(leaf.shape);
        expect(distance([...(own?.dataSync() ?? [])], [...leaf.dataSync()]), path).toBeLessThan(1e-5);
      }
      const work = (): void => {
        const [again] = step(norm).update(tree(1), {}, tree(2));
        for (const leaf of Object.values(again as Record<string, np.Array>)) leaf.dataSync();
      };
      expect(await leakedBuffers(work)).toBe(0);
    },
  );

  test("vectors never do: auto gives them their own norm", () => {
    const params = (): Record<string, np.Array> => ({ a: np.ones([3]), b: np.ones([3]) });
    const [moved] = oracleStep(createNorm("auto")).update(params(), {}, params());
    for (const leaf of Object.values(moved as Record<string, np.Array>))
      expect(distance([...leaf.dataSync()], [1, 1, 1])).toBeLessThan(1e-5);
  });

  // Through each method's own way to the oracle: rules, a product of norms, row blocks.
  test.each(["scion", "ggnc", "clipped_scion", "gluon"] satisfies OptimizerName[])(
    "%s: every weight moves as it would alone",
    (name) => {
      const start = (): Record<string, np.Array> => ({
        a: tree(1).a ?? np.ones([1]),
        b: tree(1).b ?? np.ones([1]),
      });
      const move = (
        options: object,
        params: Record<string, np.Array>,
        scale: number,
      ): Record<string, np.Array> => {
        const optimizer = createOptimizer(name, options as never);
        const gradient = Object.fromEntries(
          Object.entries(refTree(params)).map(([p, x]) => [p, x.mul(scale)]),
        );
        return optimizer.update(gradient, optimizer.init(refTree(params)), params)[0] as Record<
          string,
          np.Array
        >;
      };
      // Gradients so large that no factor over all layers shortens a step.
      const together = move({ learningRate: 0.1 }, start(), 1e3);
      const { a, b } = start();
      const alone = {
        ...move({ learningRate: 0.1 }, { a: a ?? np.ones([1]) }, 1e3),
        ...move({ learningRate: 0.1 }, { b: b ?? np.ones([1]) }, 1e3),
      };
      for (const path of ["a", "b"] as const)
        expect(
          distance([...(together[path]?.dataSync() ?? [])], [...(alone[path]?.dataSync() ?? [])]),
        ).toBeLessThan(1e-4);
    },
  );
});
