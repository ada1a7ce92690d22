import { jit, numpy as np, random } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import type { Parameter } from "../src/core/parameters/parameter.ts";
import type { Tree } from "../src/core/tree.ts";
import {
  createNorm,
  type LayerNorm,
  type ProductKind,
  productNorm,
  type TreeNorm,
} from "../src/norms/index.ts";
import { entries, maxDifference } from "./matrixSamples.ts";

type Params = { embed: np.Array; blocks: { w: np.Array; b: np.Array }[] };

const parameters: Parameter[] = [
  { path: "embed", shape: [4, 3], role: "embedding" },
  { path: "blocks.0.w", shape: [3, 3], role: "hidden" },
  { path: "blocks.0.b", shape: [3], role: "bias" },
];

const assign = ({ role }: Parameter): LayerNorm => {
  if (role === "embedding") return { norm: createNorm("colnorm", { transpose: true, eps: 0 }), radius: 2 };
  if (role === "hidden") return { norm: createNorm("spectral", { polar: "svd" }), radius: 5 };
  return { norm: createNorm("bias_rms", { eps: 0, zeroInit: false }), radius: 0.5 };
};

const draw = (seed: number): Params => {
  const [a, b, c] = [0, 1, 2].map((i) =>
    random.normal(random.key(seed * 3 + i), parameters[i]?.shape.slice()),
  );
  if (a === undefined || b === undefined || c === undefined) throw new Error("internal");
  return { embed: a, blocks: [{ w: b, b: c }] };
};

const leaves = ({ embed, blocks }: Params): np.Array[] => [embed, ...blocks.flatMap(({ w, b }) => [w, b])];
const inner = (a: Params, b: Params): number => {
  const right = leaves(b);
  return leaves(a).reduce((sum, leaf, i) => sum + np.sum(leaf.mul(right[i] ?? np.nan)).item(), 0);
};
const map = (f: (leaf: np.Array) => np.Array, { embed, blocks }: Params): Params => ({
  embed: f(embed),
  blocks: blocks.map(({ w, b }) => ({ w: f(w), b: f(b) })),
});

describe.each(["max", "l2"] as const)("product norm, %s", (kind: ProductKind) => {
  const norm = productNorm(parameters, assign, kind);

  test("⟨g, lmo(g)⟩ = −dual(g), ‖lmo(g)‖ = 1, lmo is odd and scale-free", () => {
    for (let seed = 0; seed < 5; seed++) {
      const dual = norm.dual(draw(seed)).item();
      expect(Math.abs(inner(draw(seed), norm.lmo(draw(seed))) + dual)).toBeLessThan(1e-5 * dual);
      expect(norm.value(norm.lmo(draw(seed))).item()).toBeCloseTo(1, 5);
      const step = leaves(norm.lmo(draw(seed)));
      leaves(norm.lmo(map((leaf) => leaf.mul(-8), draw(seed)))).forEach((leaf, i) => {
        expect(maxDifference(leaf, (step[i] ?? np.array(0)).mul(-1))).toBeLessThan(1e-5);
      });
    }
  });

  test("⟨g, x⟩ ≤ dual(g) · value(x)", () => {
    for (let seed = 0; seed < 5; seed++) {
      const bound = norm.dual(draw(seed)).item() * norm.value(draw(seed + 50)).item();
      expect(inner(draw(seed), draw(seed + 50))).toBeLessThanOrEqual(bound);
    }
  });

  test("⟨g, g♯⟩ = ‖g♯‖² = dual(g)², g♯ = −dual(g)·lmo(g)", () => {
    const dual = norm.dual(draw(1)).item();
    expect(inner(draw(1), norm.sharp(draw(1))) / dual ** 2).toBeCloseTo(1, 5);
    expect(norm.value(norm.sharp(draw(1))).item() / dual).toBeCloseTo(1, 5);
    const composed = leaves(norm.lmo(draw(1)));
    leaves(norm.sharp(draw(1))).forEach((leaf, i) => {
      expect(maxDifference(leaf, (composed[i] ?? np.array(0)).mul(-dual))).toBeLessThan(1e-4);
    });
  });

  test("zero gradient: zero step, also where a single layer is zero", () => {
    const zero = (): Params => map(np.zerosLike, draw(0));
    for (const tree of [norm.lmo(zero()), norm.sharp(zero())])
      expect(leaves(tree).every((leaf) => entries(leaf).every((entry) => entry === 0))).toBe(true);
    expect(norm.dual(zero()).item()).toBe(0);
    const partly = (): Params => ({ ...draw(0), blocks: [{ w: np.zeros([3, 3]), b: np.zeros([3]) }] });
    const dual = norm.dual(partly()).item();
    expect(inner(partly(), norm.lmo(partly()))).toBeCloseTo(-dual, 4);
  });

  test("init is on the sphere, each layer at its radius; by path", () => {
    const start = norm.init(random.key(4));
    expect(Object.keys(start)).toEqual(["embed", "blocks.0.w", "blocks.0.b"]);
    const tree = {
      embed: start.embed ?? np.nan,
      blocks: [{ w: start["blocks.0.w"] ?? np.nan, b: start["blocks.0.b"] ?? np.nan }],
    } as Params;
    expect(norm.value(tree).item()).toBeCloseTo(1, 5);
  });

  test("jit gives the same; nothing leaks", async () => {
    for (const method of [norm.value, norm.dual]) {
      const compiled = jit(method as (x: Params) => np.Array);
      expect(compiled(draw(2)).item()).toBeCloseTo(method(draw(2)).item(), 4);
      compiled.dispose();
    }
    const compiled = jit((g: Params) => norm.sharp(g));
    const eager = leaves(norm.sharp(draw(2)));
    leaves(compiled(draw(2))).forEach((leaf, i) => {
      expect(maxDifference(leaf, eager[i] ?? np.array(0))).toBeLessThan(1e-4);
    });
    compiled.dispose();
    const read = (tree: Params): unknown => leaves(tree).map((leaf) => leaf.js());
    expect(await leakedBuffers(() => norm.value(draw(1)).js())).toBe(0);
    expect(await leakedBuffers(() => norm.dual(draw(1)).js())).toBe(0);
    expect(await leakedBuffers(() => read(norm.lmo(draw(1))))).toBe(0);
    expect(await leakedBuffers(() => read(norm.sharp(draw(1))))).toBe(0);
    expect(await leakedBuffers(() => Object.values(norm.init(random.key(1))).map((leaf) => leaf.js()))).toBe(
      0,
    );
  });
});

describe("by hand", () => {
  // Two vectors: ‖(3, 4)‖₂ = 5 with radius 2, ‖(1, −2)‖_∞ = 2 with radius 10.
  const two: Parameter[] = [
    { path: "a", shape: [2], role: "gain" },
    { path: "b", shape: [2], role: "bias" },
  ];
  const layers = ({ path }: Parameter): LayerNorm =>
    path === "a" ? { norm: createNorm("euclidean"), radius: 2 } : { norm: createNorm("max"), radius: 10 };
  const g = (): Tree => ({ a: np.array([3, 4]), b: np.array([1, -2]) });
  const at = (tree: Tree, key: string): number[] =>
    entries((tree as Record<string, np.Array>)[key] ?? np.array(0));
  const close = (actual: number[], expected: number[]): void =>
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 4);
    });

  test("max: value max(5/2, 2/10), dual 2·5 + 10·3, lmo each at its radius, sharp 40 times that", () => {
    const norm = productNorm(two, layers);
    expect(norm.value(g()).item()).toBeCloseTo(2.5, 6);
    expect(norm.dual(g()).item()).toBeCloseTo(40, 5);
    close(at(norm.lmo(g()), "a"), [-1.2, -1.6]);
    close(at(norm.lmo(g()), "b"), [-10, 10]);
    close(at(norm.sharp(g()), "a"), [48, 64]);
    close(at(norm.sharp(g()), "b"), [400, -400]);
  });

  test("l2: value √(2.5² + 0.2²), dual √(10² + 30²), sharp r²·dual·−lmo of each", () => {
    const norm = productNorm(two, layers, "l2");
    expect(norm.value(g()).item()).toBeCloseTo(Math.hypot(2.5, 0.2), 6);
    expect(norm.dual(g()).item()).toBeCloseTo(Math.hypot(10, 30), 5);
    close(at(norm.lmo(g()), "a"), [-1.2 / Math.sqrt(10), -1.6 / Math.sqrt(10)]);
    close(at(norm.sharp(g()), "a"), [12, 16]);
    close(at(norm.sharp(g()), "b"), [300, -300]);
  });

  test("l2 of Frobenius norms is the Euclidean norm of everything: sharp is the identity", () => {
    const norm: TreeNorm = productNorm(two, () => ({ norm: createNorm("frobenius"), radius: 1 }), "l2");
    expect(norm.value(g()).item()).toBeCloseTo(Math.sqrt(30), 5);
    close(at(norm.sharp(g()), "a"), [3, 4]);
    close(at(norm.sharp(g()), "b"), [1, -2]);
    close(at(norm.lmo(g()), "b"), [-1 / Math.sqrt(30), 2 / Math.sqrt(30)]);
  });

  test("trees that do not match, radii and kinds that make no sense are refused by name", () => {
    const norm = productNorm(two, layers);
    expect(() => norm.dual({ a: np.ones([2]), c: np.ones([2]) })).toThrow(
      'dual: "c" is not among the parameters',
    );
    expect(() => norm.lmo({ a: np.ones([2]) })).toThrow('lmo: the tree lacks "b"');
    expect(() => norm.value({ a: np.ones([3]), b: np.ones([2]) })).toThrow('"a" has shape [3], expected [2]');
    expect(() => productNorm(two, () => ({ norm: createNorm("max"), radius: 0 }))).toThrow(
      'radius of "a" must be positive and finite, got 0',
    );
    expect(() => productNorm(two, layers, "l3" as "l2")).toThrow('unknown kind "l3"');
    expect(() => productNorm([], layers)).toThrow("there are no parameters");
  });
});
