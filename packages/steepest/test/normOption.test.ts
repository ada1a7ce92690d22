import { type numpy as np, random } from "@jax-js/jax";
import { createOptimizer, disposeTree, explainAssignment, OptionError } from "steepest";
import {
  createNorm,
  flattened,
  type Norm,
  type NormName,
  type NormOptions,
  normNames,
  normOptions,
  transposed,
} from "steepest/norms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { vectorCompanion } from "../src/norms/named.ts";
import { array, distance, run, wave } from "./support/trees.ts";

const shapes = {
  wide: [4, 6],
  tall: [6, 4],
  "conv.kernel": [3, 2, 2, 2],
  "line.kernel": [3, 2, 4],
  embedding: [7, 4],
  head: [7, 4],
  "norm.gain": [4],
  bias: [3],
  temperature: [],
} as const;
type Path = keyof typeof shapes;
const paths = Object.keys(shapes) as Path[];
const kindOf = (path: Path): "vector" | "conv" | "embedding" | "matrix" =>
  shapes[path].length < 2
    ? "vector"
    : shapes[path].length > 2
      ? "conv"
      : path === "embedding"
        ? "embedding"
        : "matrix";

const value = (path: Path, seed: number): np.Array => {
  const shape = shapes[path];
  const size = shape.reduce((product: number, side) => product * side, 1);
  return array(wave(size, seed + paths.indexOf(path)), shape);
};
const model = (seed: number): Record<Path, np.Array> =>
  Object.fromEntries(paths.map((path) => [path, value(path, seed)])) as Record<Path, np.Array>;

const anyShape = ["frobenius", "euclidean", "max", "bias_rms", "bias_sign", "l1"];
const scionScaled = [
  "spectral",
  "spectral_max",
  "spectral_2rms",
  "spectral_conv",
  "colnorm",
  "colnorm_normalized",
  "rownorm",
];
const signs = ["sign", "sign_normalized"];
const unscaled = [
  "operator",
  "columns",
  "rownorm_input",
  "nuclear",
  "schatten_p",
  "kyfan_dual_k",
  "f_star",
  "f_two",
];

/** What a named norm is to be for a parameter, written without the rules of the library. */
function expected(name: NormName, path: Path): Norm {
  const own = (named: NormName, extra: NormOptions = {}): Norm => {
    const exact: NormOptions = { polar: "svd", ...extra };
    const known = normOptions(named);
    return createNorm(
      named,
      Object.fromEntries(Object.entries(exact).filter(([key]) => known.some((k) => k === key))),
    );
  };
  // Of a norm that is not written down here, its own file is believed.
  const known = [...anyShape, ...scionScaled, ...unscaled, ...signs, "auto"].includes(name);
  if (anyShape.includes(name) || (!known && vectorCompanion(name) === undefined)) return own(name);
  const matrix = own(name === "spectral_conv" ? "spectral" : name);
  switch (kindOf(path)) {
    case "vector":
      if (name === "auto" || scionScaled.includes(name)) return own("bias_rms");
      if (!known) return own(vectorCompanion(name) ?? name);
      return own(unscaled.includes(name) ? "euclidean" : "bias_sign");
    case "conv":
      return name === "auto" || name === "spectral_conv" ? own("spectral_conv") : flattened(matrix);
    case "embedding":
      return transposed(matrix);
    case "matrix":
      return matrix;
  }
}

describe("a norm by name", () => {
  test.each(normNames())("%s: every parameter of a mixed tree moves by its norm", (norm) => {
    claim("ucg", "With any norm by name every parameter of a mixed tree moves by its norm");
    const step = { norm, learningRate: 0.1, radius: 2, vectorRadius: 3, polar: "svd" } as const;
    const optimizer = createOptimizer("ucg", step);
    const [updates, next] = optimizer.update(model(5), optimizer.init(model(1)), model(1));
    disposeTree(next);
    const alone = normOptions(norm).includes("transpose") ? false : expected(norm, "bias").name === norm;
    for (const path of paths) {
      const radius = kindOf(path) === "vector" && !alone && norm !== "auto" ? 3 : 2;
      const lmo = expected(norm, path)
        .lmo(value(path, 5))
        .mul(0.1 * radius);
      const moved = (updates as Record<Path, np.Array>)[path];
      expect(moved.shape).toEqual([...shapes[path]]);
      // Singular vectors of a 7 × 4 wave lose a digit or two.
      expect(distance([...moved.dataSync()], [...lmo.dataSync()]), path).toBeLessThan(2e-5);
    }
  });

  test.each(normNames())("%s: weights start, steps are finite and leak nothing", async (norm) => {
    const optimizer = createOptimizer("scg", { norm });
    const work = (): number[] => {
      const params = model(1);
      for (const parameter of optimizer.assign(params))
        optimizer.initialize(random.key(1), parameter)?.dataSync();
      disposeTree(params);
      return run(optimizer, { start: () => model(1), gradient: (step) => model(5 + step), steps: 2 });
    };
    let end: number[] = [];
    const leaked = await leakedBuffers(() => {
      end = work();
    });
    expect(leaked).toBe(0);
    expect(end.every(Number.isFinite)).toBe(true);
  });

  test("global methods take the same norms", () => {
    for (const norm of ["nuclear", "spectral", "sign_normalized"] as const) {
      const training = { start: () => model(1), gradient: (step: number) => model(5 + step), steps: 2 };
      const small = { norm, polar: "svd", threshold: 1e-6, learningRate: 1e4 } as const;
      const uscg = createOptimizer("uscg", { norm, polar: "svd", learningRate: 0.01 });
      expect(distance(run(createOptimizer("ggnc", small), training), run(uscg, training))).toBeLessThan(2e-5);
    }
  });

  test("`transposed` overrides the role, and the table names the rules", () => {
    const step = (transposedOption: boolean | "byRole", path: Path): number[] => {
      const optimizer = createOptimizer("ucg", { norm: "colnorm", transposed: transposedOption });
      const [updates] = optimizer.update(model(5), optimizer.init(model(1)), model(1));
      return [...(updates as Record<Path, np.Array>)[path].dataSync()];
    };
    expect(step("byRole", "embedding")).toEqual(step(true, "embedding"));
    expect(distance(step("byRole", "embedding"), step(false, "embedding"))).toBeGreaterThan(1e-5);
    expect(step("byRole", "wide")).toEqual(step(false, "wide"));
    expect(distance(step("byRole", "wide"), step(true, "wide"))).toBeGreaterThan(1e-5);
    const rows = explainAssignment(createOptimizer("uscg", { norm: "colnorm" }), model(1), { print: false });
    expect(rows.map(({ method }) => method)).toEqual([
      "colnorm",
      "colnorm",
      "colnorm_conv",
      "colnorm_conv",
      "colnorm_embedding",
      "colnorm",
      "bias_rms",
      "bias_rms",
      "bias_rms",
    ]);
  });
});

describe("parameters of a norm", () => {
  const g = (): np.Array => array(wave(24, 5), [4, 6]);
  const step = (options: Readonly<Record<string, unknown>>, x: np.Array): number[] => {
    const optimizer = createOptimizer("ucg", { learningRate: 1, polar: "svd", ...options });
    const [updates] = optimizer.update({ w: x }, optimizer.init({ w: x.ref }), { w: x.ref });
    return [...(updates as { w: np.Array }).w.dataSync()];
  };
  const cases: [options: NormOptions & { norm: NormName }, shape: "matrix" | "tensor"][] = [
    [{ norm: "kyfan_dual_k", k: 3 }, "matrix"],
    [{ norm: "schatten_p", p: 8 }, "matrix"],
    [{ norm: "f_star", alpha: 0.25 }, "matrix"],
    [{ norm: "f_two", alpha: 0.25 }, "matrix"],
    [{ norm: "frobenius", eps: 0.5 }, "matrix"],
    [{ norm: "colnorm", eps: 0.5 }, "matrix"],
    [{ norm: "bias_rms", compat: true, eps: 0.1 }, "tensor"],
  ];
  test.each(cases)("%j reach it", (options, shape) => {
    const x = (): np.Array => (shape === "matrix" ? g() : array(wave(24, 5), [1, 4, 6]));
    const { norm, ...own } = options;
    const exact: NormOptions = norm === "f_star" ? { polar: "svd", ...own } : own;
    const plain: NormOptions = norm === "f_star" ? { polar: "svd" } : {};
    const moved = step({ norm, ...own }, x());
    expect(distance(moved, [...createNorm(norm, exact).lmo(x()).dataSync()])).toBeLessThan(1e-5);
    expect(distance(moved, [...createNorm(norm, plain).lmo(x()).dataSync()])).toBeGreaterThan(1e-3);
  });

  test("own is the norm's default", () => {
    expect(step({ norm: "kyfan_dual_k", k: "own" }, g())).toEqual(step({ norm: "kyfan_dual_k" }, g()));
  });

  test("by role eps and compat go to the norms that have them", () => {
    const options = { eps: 0.5, compat: true } as const;
    const optimizer = createOptimizer("ucg", { learningRate: 1, ...options });
    const [updates] = optimizer.update(model(5), optimizer.init(model(1)), model(1));
    const { embedding, bias } = updates as Record<Path, np.Array>;
    const column = createNorm("colnorm", { eps: 0.5, transpose: true }).lmo(value("embedding", 5));
    expect(distance([...embedding.dataSync()], [...column.dataSync()])).toBeLessThan(1e-6);
    const rms = createNorm("bias_rms", options).lmo(value("bias", 5));
    expect(distance([...bias.dataSync()], [...rms.dataSync()])).toBeLessThan(1e-6);
  });

  const refused: [options: Readonly<Record<string, unknown>>, message: RegExp][] = [
    [{ norm: "nuclear", p: 8 }, /norm "nuclear" has no option "p"; of .* it takes none/],
    [{ norm: "f_star", k: 3 }, /norm "f_star" has no option "k"; of .* it takes alpha \(/],
    [{ p: 8 }, /norm "byRole" has no option "p"; of .* it takes eps, compat/],
    [{ norm: "bias_rms", alpha: 0.5 }, /it takes eps, compat/],
    [{ norm: "schatten_p", p: 1 }, /p must be > 1, or own, got 1/],
    [{ norm: "kyfan_dual_k", k: 1.5 }, /k must be whole, ≥ 1, or own, got 1.5/],
    [{ norm: "f_two", alpha: 2 }, /alpha must be \[0, 1\], or own, got 2/],
    [{ transposed: "yes" }, /transposed must be true \| false \| byRole/],
  ];
  test.each(refused)("%j is refused", (options, message) => {
    expect(() => createOptimizer("uscg", options)).toThrow(OptionError);
    expect(() => createOptimizer("uscg", options)).toThrow(message);
  });
});
