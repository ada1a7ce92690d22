import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Array as JaxArray, nn, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { compile } from "../src/compile.ts";
import { cnnBatch, cnnInit, cnnLoss } from "./models/cnn.ts";
import { type GptShape, gptBatch, gptInit, gptLoss } from "./models/gpt.ts";
import { mlpInit, mlpLoss } from "./models/mlp.ts";
import { type Fn, sameAsJax, values } from "./support/sameAsJax.ts";

const gradientOf = (loss: Fn): Fn => valueAndGrad(loss as (...v: JaxArray[]) => JaxArray) as Fn;

describe("whole models: value and gradient, against jax-js", () => {
  for (const style of ["rotary", "gpt2"] as const)
    test(`GPT, ${style}`, async () => {
      const shape: GptShape = { vocab: 13, context: 12, width: 16, depth: 2, heads: 2, style };
      const loss: Fn = (p, x, y) => gptLoss(shape, p, x, y);
      await sameAsJax(gradientOf(loss), [gptInit(shape), ...gptBatch(shape, 3)]);
    });

  test("CNN with pooling and batch-norm", () =>
    sameAsJax(gradientOf(cnnLoss as Fn), [cnnInit(12), ...cnnBatch(4, 12)]));

  test("MLP with tanh, GELU and dropout", () =>
    // jax-js's tanh and erf are series of their own, a few 1e-6 off near zero
    sameAsJax(gradientOf(mlpLoss as Fn), [
      mlpInit([6, 9, 8, 3]),
      values([5, 6]),
      values([5, 3], 1),
      random.key(4),
    ]));
});

test("softmax, tanh and the masks around them become the operators ONNX has", () => {
  const count = (style: GptShape["style"]): Record<string, number> => {
    const shape: GptShape = { vocab: 13, context: 12, width: 16, depth: 2, heads: 2, style };
    const compiled = compile(gradientOf((p, x, y) => gptLoss(shape, p, x, y)));
    const example = [gptInit(shape), ...gptBatch(shape, 3)];
    const text = compiled.explain(...example);
    compiled.dispose();
    tree.dispose(example as JaxArray[]);
    return Object.fromEntries([...text.matchAll(/(\d+) ([A-Z]\w+)/g)].map(([, n, op]) => [op, Number(n)]));
  };
  // One Exp is the cross-entropy's. It has two Wheres; each layer has those of the mask and of its gradient, and that of
  // a squared ReLU's gradient.
  expect(count("rotary")).toMatchObject({ Softmax: 2, Exp: 1, Where: 2 + 2 * 3 });
  expect(count("gpt2")).toMatchObject({ Softmax: 2, Tanh: 2, Exp: 1, Where: 2 + 2 * 2 });
});

describe("a sigmoid and its gradient", () => {
  const plain = (x: JaxArray): JaxArray => np.reciprocal(np.exp(np.negative(x)).add(1));
  const bounded = (x: JaxArray): JaxArray => np.reciprocal(np.exp(np.minimum(np.negative(x), 80)).add(1));
  const near = (x: JaxArray): JaxArray => np.reciprocal(np.exp(np.minimum(np.negative(x), 3)).add(1));
  const weights = (x: JaxArray): JaxArray => values([...x.shape], 5);
  const silu =
    (sigma: (x: JaxArray) => JaxArray): Fn =>
    (x: JaxArray) =>
      np.sum(x.ref.mul(sigma(x.ref)).mul(weights(x)));
  const operators = (fn: Fn): string => {
    const compiled = compile(gradientOf(fn));
    const text = compiled.explain(values([4, 5]));
    compiled.dispose();
    return text;
  };

  test.each([
    ["plain", plain, 20],
    ["bounded far out", bounded, 20],
    ["bounded far out, beyond the bound", bounded, 200],
    ["bounded near", near, 20],
  ] as const)("%s: as jax-js", (_, sigma, size) =>
    // 1 - σ loses digits near σ = 1, where jax-js has σ² exp(-s): 6e-8 of the largest slope, times x
    sameAsJax(gradientOf(silu(sigma)), [values([6, 7]).mul(size)], { floor: size }),
  );

  test("need one exponential and no mask, unless a bound is so near that it shows", () => {
    for (const sigma of [plain, bounded]) {
      expect(operators(silu(sigma))).toMatch(/\b1 Exp/);
      expect(operators(silu(sigma))).toMatch(/\b1 Reciprocal/);
      // not the runtime's Sigmoid either, which is 0 from -18 on
      expect(operators(silu(sigma))).not.toMatch(/Sigmoid|Where|Less|Div/);
    }
    expect(operators(silu(near))).toMatch(/Where/);
  });
});

test("the gradient of a table that is read and multiplied with needs no zeros of its size", async () => {
  const rows = np.array([2, 0, 2], { dtype: np.int32 });
  const tied: Fn = (table: JaxArray) =>
    np.sum(np.matmul(table.ref.slice(rows.ref), table.transpose()).mul(values([3, 5], 2)));
  await sameAsJax(gradientOf(tied), [values([5, 4])]);
  const compiled = compile(gradientOf(tied));
  const text = compiled.explain(values([5, 4]));
  compiled.dispose();
  rows.dispose();
  expect(text).toMatch(/1 ScatterND/);
  expect(text).not.toMatch(/ConstantOfShape/);
});

test("α a b + β c is one Gemm, unless c is an input, which the sum may be written over", async () => {
  const quintic: Fn = (x: JaxArray) => {
    const gram = np.matmul(x.ref, np.matrixTranspose(x.ref));
    const polynomial = gram.ref.mul(-4.775).add(np.matmul(gram.ref, gram).mul(2.0315));
    return np.matmul(polynomial, np.sin(x.ref)).add(np.sin(x).mul(3.4445));
  };
  await sameAsJax(quintic, [values([5, 8])]);
  const input: Fn = (x: JaxArray, y: JaxArray) => y.sub(np.matmul(x.ref, x).mul(0.1));
  await sameAsJax(input, [values([5, 5]), values([5, 5], 1)]);
  const operators = (fn: Fn, ...example: JaxArray[]): string => {
    const compiled = compile(fn);
    const text = compiled.explain(...example);
    compiled.dispose();
    tree.dispose(example);
    return text;
  };
  expect(operators(quintic, values([5, 8]))).toMatch(/: 3 Gemm, 1 Sin$/m);
  expect(operators(input, values([5, 5]), values([5, 5], 1))).toMatch(/1 Sub|1 Add/);
});

describe("a cross-entropy over many classes", () => {
  const classes = 2 * 1103; // a sum of so many terms is cut in two
  const targets = [3, 0, classes - 1, 700, 1, -1, classes];
  const loss: Fn = (logits: JaxArray) => {
    const isTarget = np.equal(np.array(targets, { dtype: np.int32 }).reshape([7, 1]), np.arange(classes));
    const target = np.sum(np.where(isTarget, logits.ref, 0), -1);
    return np.mean(nn.logsumexp(logits, -1).sub(target));
  };
  const example = (): JaxArray[] => [values([7, classes])];

  test("looks targets up instead of comparing, and one out of range counts as none", async () => {
    await sameAsJax(gradientOf(loss), example());
    const compiled = compile(gradientOf(loss));
    const text = compiled.explain(...example());
    compiled.dispose();
    expect(text).toMatch(/1 GatherElements/);
    expect(text).toMatch(/1 ScatterElements/);
  });

  test("with weights of its own for each row, and where the mask is wanted itself", async () => {
    const weighted: Fn = (logits: JaxArray) => {
      const isTarget = np.equal(np.array(targets, { dtype: np.int32 }).reshape([7, 1]), np.arange(classes));
      const target = np.sum(np.where(isTarget.ref, logits.ref, 0), -1);
      const smooth = np.sum(logits.ref.mul(isTarget.astype(np.float32)), -1);
      return np.sum(
        nn
          .logsumexp(logits, -1)
          .sub(target)
          .mul(values([7], 3))
          .add(smooth),
      );
    };
    await sameAsJax(gradientOf(weighted), example());
  });
});

test("compile leaks nothing, neither results nor arguments", async () => {
  const shape: GptShape = { vocab: 13, context: 12, width: 16, depth: 1, heads: 2, style: "rotary" };
  const leaked = await leakedBuffers(async () => {
    const compiled = compile(gradientOf((p, x, y) => gptLoss(shape, p, x, y)));
    tree.dispose((await compiled(gptInit(shape), ...gptBatch(shape, 3))) as JaxArray);
    compiled.dispose();
  });
  expect(leaked).toBe(0);
});

test("a profile times the nodes and names their equations", async () => {
  const folder = mkdtempSync(join(tmpdir(), "steepest-profile-"));
  const compiled = compile((x: JaxArray) => np.matmul(x.ref, np.sin(x)), { profile: join(folder, "run") });
  (await compiled(values([5, 5]))).dispose();
  const [file = ""] = compiled.endProfiling();
  compiled.dispose();
  const names = (JSON.parse(readFileSync(file, "utf8")) as { name: string }[]).map(({ name }) => name);
  expect(names.some((name) => /^Gemm_\d+_equation_\d+_kernel_time$/.test(name))).toBe(true);
  rmSync(folder, { recursive: true });
});
