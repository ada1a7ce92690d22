import { grad, jit, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import type { LanguageModel, TokenBatch } from "@steepest/models";
import { disposeTree, listParameters, mapLeaves, namedLeaves, refTree, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { crossEntropy, type Numbered, type Numbers } from "./referenceMath.ts";

export const tokens2x5 = [
  [0, 3, 6, 1, 2],
  [5, 5, 0, 4, 6],
];
export const targets2x5 = [
  [3, 6, 1, 2, 0],
  [5, 0, 4, 6, 1],
];

export const ids = (rows: number[][]): np.Array => np.array(rows, { dtype: np.int32 });
export const plain = (params: Tree): Numbered =>
  tree.map((x: np.Array) => x.js() as Numbers, params) as Numbered;
export const flat = (x: np.Array): number[] => [...x.dataSync()];
export const largest = (xs: number[]): number => Math.max(...xs.map(Math.abs));
const batch = (): TokenBatch => ({ tokens: ids(tokens2x5), targets: ids(targets2x5) });
const leafAt = (node: unknown, path: string): Numbers[] =>
  path.split(".").reduce((at, key) => (at as Record<string, unknown>)[key], node) as Numbers[];

/** Parameters of any dtype with nothing special about them: gains differ from 1, biases from 0, the head is not tiny. */
export function sampleParams<P extends Tree>(
  model: LanguageModel<P>,
  dtype: np.DType = np.float32,
  seed = 3,
): P {
  const params = model.init(random.key(seed), {
    initialize: (key, { shape, role }) =>
      random
        .normal(key, [...shape])
        .mul(role === "gain" ? 0.2 : 0.6)
        .add(role === "gain" ? 1 : 0),
  });
  return mapLeaves((x) => x.astype(dtype), params);
}

// The wasm engine's exp, log and erf are good to about 1e-7 even in float64 (without blocks, where the logits
// need none of them, the error is 7e-16); a wrong formula is off by 1e-2 or more.
const LOGIT_ERROR = 2e-6;
const GRADIENT_ERROR = 2e-6;
// Twice the error of a logit, and the 1e-6 to which the engine's exp is good in the logarithm of its sum.
const LOSS_ERROR = 5e-6;

/**
 * What every language model must do: the logits, loss and gradients of an implementation written a second time with
 * plain numbers (`reference`: logits [time][vocab] of one sequence), at 7 token ids and a context of 5.
 */
export function languageModelContract<P extends Tree>(
  title: string,
  model: LanguageModel<P>,
  reference: (params: Numbered, tokens: number[]) => number[][],
): void {
  describe(title, () => contract(model, reference));
}

function contract<P extends Tree>(
  model: LanguageModel<P>,
  reference: (params: Numbered, tokens: number[]) => number[][],
): void {
  const params = (dtype: np.DType = np.float32): P => sampleParams(model, dtype);
  const grads = (at: P): P => grad(model.loss)(at as never, batch()) as P;
  const lossOf = (numbers: Numbered): number =>
    crossEntropy(
      tokens2x5.map((row) => reference(numbers, row)),
      targets2x5,
    );

  test("logits equal a plain float64 implementation", () => {
    const exact = params(np.float64);
    const expected = tokens2x5.map((row) => reference(plain(refTree(exact)), row));
    const logits = model.apply(exact, ids(tokens2x5));
    expect(logits.shape).toEqual([2, 5, 7]);
    expect(logits.dtype).toBe(np.float64);
    const values = expected.flat(2);
    expect(largest(flat(logits).map((x, i) => x - (values[i] ?? NaN)))).toBeLessThan(LOGIT_ERROR);
  });

  test("the loss is the mean cross-entropy of these logits", () => {
    const exact = params(np.float64);
    const expected = lossOf(plain(refTree(exact)));
    expect(Math.abs(model.loss(exact, batch()).item() - expected)).toBeLessThan(LOSS_ERROR);
  });

  // Central differences of the plain implementation, h = 1e-5: truncation h² · f''' ~ 1e-9, rounding 1e-16 / h.
  test("gradients equal finite differences", () => {
    const exact = params(np.float64);
    const numbers = plain(refTree(exact));
    const difference = (row: number[], i: number): number => {
      const h = 1e-5;
      const x = row[i] as number;
      const shifted = [x + h, x - h].map((value) => {
        row[i] = value;
        return lossOf(numbers);
      }) as [number, number];
      row[i] = x;
      return (shifted[0] - shifted[1]) / (2 * h);
    };
    for (const [path, gradient] of namedLeaves(grads(exact))) {
      const leaf = leafAt(numbers, path);
      const values = flat(gradient);
      // Three entries of every parameter, spread over it, the first of them in the row of a used token.
      for (const k of [0, Math.floor(values.length / 2), values.length - 2]) {
        const width = gradient.shape.at(-1) ?? 1;
        const row = gradient.shape.length === 1 ? leaf : leaf[Math.floor(k / width)];
        const expected = difference(row as number[], k % width);
        expect(Math.abs((values[k] ?? NaN) - expected), `${path}[${k}]`).toBeLessThan(GRADIENT_ERROR);
      }
    }
  });

  test("float32 under jit agrees with eager float64", () => {
    const exact = grads(params(np.float64));
    const compiled = jit(valueAndGrad(model.loss));
    const [loss, gradients] = compiled(params() as never, batch() as never) as [np.Array, P];
    // A hundred rounded operations of 6e-8 on numbers of size 1 to 10.
    const expected = model.loss(params(np.float64), batch()).item();
    expect(Math.abs(loss.item() - expected)).toBeLessThan(1e-5);
    const expectedGradients = new Map(namedLeaves(exact));
    for (const [path, gradient] of namedLeaves(gradients)) {
      const other = flat(expectedGradients.get(path) as np.Array);
      expect(largest(flat(gradient).map((x, i) => x - (other[i] ?? NaN))), path).toBeLessThan(1e-5);
    }
    compiled.dispose();
  });

  test("a later token does not change earlier logits, and does change its own", () => {
    const of = (rows: number[][]): number[][][] => model.apply(params(), ids(rows)).js() as number[][][];
    const changed = tokens2x5.map((row) => row.map((id, t) => (t === 3 ? (id + 1) % 7 : id)));
    const [before, after] = [of(tokens2x5), of(changed)];
    for (const b of [0, 1]) {
      expect(after[b]?.slice(0, 3)).toEqual(before[b]?.slice(0, 3));
      expect(after[b]?.[3]).not.toEqual(before[b]?.[3]);
      // Without blocks there is no attention and the last position sees itself only.
      if (model.cacheShape[0] > 0) expect(after[b]?.[4]).not.toEqual(before[b]?.[4]);
    }
  });

  test("sequences of a batch do not see each other", () => {
    const both = model.apply(params(), ids(tokens2x5)).js() as number[][][];
    const second = model.apply(params(), ids(tokens2x5.slice(1))).js() as number[][][];
    // float32 sums in another order: 48 terms of size 10.
    const difference =
      both[1]?.flatMap((row, t) => row.map((x, i) => x - (second[0]?.[t]?.[i] ?? NaN))) ?? [];
    expect(largest(difference)).toBeLessThan(1e-5);
  });

  test("every path has one role, and the counts are those of the tree", () => {
    const fresh = model.init(random.key(0));
    const leaves = namedLeaves(fresh);
    expect(leaves.map(([path]) => path)).toEqual(model.parameters.map(({ path }) => path));
    expect(leaves.map(([, { shape }]) => shape)).toEqual(model.parameters.map(({ shape }) => shape));
    expect(Object.keys(model.roles()).sort()).toEqual(leaves.map(([path]) => path).sort());
    expect(leaves.reduce((sum, [, { size }]) => sum + size, 0)).toBe(model.parameterCount);
    expect(listParameters(fresh, model.roles())).toEqual(model.parameters); // no role contradicts a name
    disposeTree(fresh);
  });

  // Gradients under jit only: in jax-js 0.1.25 an eager grad of its own nn.softmax already leaks a buffer.
  test("nothing leaks", async () => {
    const compiled = jit(valueAndGrad(model.loss));
    const work = (): void => {
      model.apply(params(), ids(tokens2x5)).dispose();
      model.loss(model.init(random.key(1)), batch()).dispose();
      disposeTree(compiled(params() as never, batch() as never) as Tree);
    };
    expect(await leakedBuffers(work)).toBe(0);
    compiled.dispose();
  });
}
