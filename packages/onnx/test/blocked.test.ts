import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { grad, lax, nn, numpy as np } from "@jax-js/jax";
import { ModelProtoSchema } from "onnx-buf";
import { describe, expect, test } from "vitest";
import { compile } from "../src/compile.ts";
import { exportOnnx } from "../src/export/exportOnnx.ts";
import { type Fn, sameAsJax, values } from "./support/sameAsJax.ts";

type Pairs = [number, number][];

const conv =
  (strides: number[], padding: Pairs | "SAME" | "VALID", dilation: number[] = [1, 1]) =>
  (x: np.Array, w: np.Array): np.Array =>
    lax.convGeneralDilated(x, w, strides, padding, { rhsDilation: dilation });

const gradients = (fn: Fn): Fn =>
  ((x: np.Array, w: np.Array) =>
    [0, 1].map((argnums) =>
      grad((a: np.Array, b: np.Array) => np.sum(np.sin(fn(a, b) as np.Array)), { argnums })(x.ref, w.ref),
    )) as Fn;

const uneven: Pairs = [
  [1, 0],
  [0, 2],
];
const shapes: [name: string, fn: Fn, x: number[], w: number[]][] = [
  ["same, 16 to 32", conv([1, 1], "SAME"), [16, 16, 6, 5], [32, 16, 3, 3]],
  ["1 x 1", conv([1, 1], "VALID"), [16, 32, 4, 4], [16, 32, 1, 1]],
  ["strides, uneven padding", conv([2, 3], uneven), [16, 16, 9, 8], [16, 16, 3, 2]],
  ["dilated kernel", conv([1, 1], "VALID", [2, 2]), [16, 16, 8, 8], [16, 16, 3, 3]],
  ["channels that are no whole blocks", conv([1, 1], "SAME"), [3, 24, 6, 5], [40, 24, 3, 3]],
  ["channels out that are no whole blocks", conv([1, 1], "SAME"), [4, 16, 6, 5], [24, 16, 3, 3]],
  ["few channels in", conv([1, 1], "SAME"), [16, 3, 6, 5], [16, 3, 3, 3]],
];

describe("convolutions with whole blocks of channels", () => {
  for (const [name, fn, x, w] of shapes) {
    test(name, () => sameAsJax(fn, [values(x), values(w, 1)]));
    test(`gradients: ${name}`, () => sameAsJax(gradients(fn), [values(x), values(w, 1)]));
  }
  test("one after another", () =>
    sameAsJax(
      (x: np.Array, w: np.Array) => conv([1, 1], "SAME")(conv([1, 1], "SAME")(x, w.ref), w),
      [values([2, 16, 5, 5]), values([16, 16, 3, 3], 1)],
    ));
});

const pooled = (k: number, l: number, reducer: typeof np.max) => (x: np.Array) =>
  lax.reduceWindow(x, (y) => reducer(y), [k, l], [k, l]);
const slope = (fn: (x: np.Array) => np.Array): Fn =>
  ((x: np.Array) => grad((a: np.Array) => np.sum(np.sin(fn(a))))(x)) as Fn;
/** Numbers on a coarse grid, so that windows have several largest ones, and zeros. */
const ties = (shape: number[]): np.Array => np.round(values(shape).mul(2));

describe("windows and rectifiers", () => {
  for (const [k, l] of [
    [2, 2],
    [3, 2],
    [2, 4],
  ] as const) {
    const shape = [4, 8, 6 * k, 6 * l];
    test(`max over ${k} x ${l}`, () => sameAsJax(pooled(k, l, np.max), [values(shape)]));
    test(`gradient of max over ${k} x ${l} with ties`, () =>
      sameAsJax(slope(pooled(k, l, np.max)), [ties(shape)]));
    test(`sum over ${k} x ${l}`, () => sameAsJax(pooled(k, l, np.sum as typeof np.max), [values(shape)]));
  }
  test("pooling that leaves a rest", () => sameAsJax(slope(pooled(2, 2, np.max)), [ties([4, 8, 13, 15])]));
  test("a rectifier's gradient is that of jax-js at zero too", () =>
    sameAsJax(
      slope((x) => nn.relu(x)),
      [ties([40, 50])],
    ));
  test("a choice that hides what is not finite is no rectifier", async () => {
    const fn = compile((x: np.Array) => np.where(np.less(x.ref, 0), 0, np.sqrt(x)));
    expect(await (await fn(np.array([-1, 4]))).data()).toEqual(new Float32Array([0, 2]));
    fn.dispose();
  });
});

test("an exported convolution is plain ONNX", () => {
  const file = join(mkdtempSync(join(tmpdir(), "steepest-")), "conv.onnx");
  const step = gradients(conv([1, 1], "SAME"));
  exportOnnx(step as never, [values([16, 16, 6, 5]), values([32, 16, 3, 3], 1)], file);
  const { opsetImport } = fromBinary(ModelProtoSchema, readFileSync(file));
  expect(opsetImport.map(({ domain }) => domain)).toEqual([""]);
});

test("where the processor has the kernel, it is used", () => {
  const fn = compile(conv([1, 1], "SAME"));
  const text = fn.explain(values([2, 16, 6, 5]), values([16, 16, 3, 3], 1));
  fn.dispose();
  if (process.arch === "x64") expect(text).toMatch(/nchwc\.Conv/);
});
