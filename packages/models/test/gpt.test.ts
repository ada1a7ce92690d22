import { grad, jit, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { ConfigError, type DecoderParams, gpt, type TokenBatch } from "@steepest/models";
import { disposeTree, listParameters, namedLeaves, type Parameter, refTree, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { ids, sampleConfigs, sampleParams, targets2x5, titleOf, tokens2x5 } from "./gptSamples.ts";
import { type Numbers, type ReferenceParams, referenceLogits, referenceLoss } from "./referenceGpt.ts";

const plain = (params: DecoderParams): ReferenceParams =>
  tree.map((x: np.Array) => x.js() as Numbers, params as Tree) as ReferenceParams;
const batch = (): TokenBatch => ({ tokens: ids(tokens2x5), targets: ids(targets2x5) });
const flat = (x: np.Array): number[] => [...x.dataSync()];
const leafAt = (tree: unknown, path: string): Numbers[] =>
  path.split(".").reduce((node, key) => (node as Record<string, unknown>)[key], tree) as Numbers[];
const largest = (xs: number[]): number => Math.max(...xs.map(Math.abs));

describe.each(sampleConfigs.map((config) => ({ config, title: titleOf(config) })))("$title", ({ config }) => {
  const model = gpt(config);
  const grads = (params: DecoderParams): DecoderParams => grad(model.loss)(params, batch()) as DecoderParams;

  test("logits equal a plain float64 implementation", () => {
    const params = sampleParams(config, np.float64);
    const expected = tokens2x5.map((row) => referenceLogits(model.config, plain(refTree(params)), row));
    const logits = model.apply(params, ids(tokens2x5));
    expect(logits.shape).toEqual([2, 5, 7]);
    expect(logits.dtype).toBe(np.float64);
    const reference = expected.flat(2);
    expect(largest(flat(logits).map((x, i) => x - (reference[i] ?? NaN)))).toBeLessThan(LOGIT_ERROR);
  });

  test("the loss is the mean cross-entropy of these logits", () => {
    const params = sampleParams(config, np.float64);
    const expected = referenceLoss(model.config, plain(refTree(params)), tokens2x5, targets2x5);
    expect(Math.abs(model.loss(params, batch()).item() - expected)).toBeLessThan(LOGIT_ERROR);
  });

  // Central differences of the plain implementation, h = 1e-5: truncation h² · f''' ~ 1e-9, rounding 1e-16 / h.
  test("gradients equal finite differences", () => {
    const params = sampleParams(config, np.float64);
    const numbers = plain(refTree(params));
    const difference = (row: number[], i: number): number => {
      const h = 1e-5;
      const x = row[i] as number;
      const shifted = [x + h, x - h].map((value) => {
        row[i] = value;
        return referenceLoss(model.config, numbers, tokens2x5, targets2x5);
      }) as [number, number];
      row[i] = x;
      return (shifted[0] - shifted[1]) / (2 * h);
    };
    for (const [path, gradient] of namedLeaves(grads(params))) {
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
    const exact = grads(sampleParams(config, np.float64));
    const compiled = jit(valueAndGrad(model.loss));
    const [loss, gradients] = compiled(sampleParams(config) as never, batch() as never) as [
      np.Array,
      DecoderParams,
    ];
    // A hundred rounded operations of 6e-8 on numbers of size 1 to 10.
    const expected = model.loss(sampleParams(config, np.float64), batch()).item();
    expect(Math.abs(loss.item() - expected)).toBeLessThan(1e-5);
    const reference = new Map(namedLeaves(exact));
    for (const [path, gradient] of namedLeaves(gradients)) {
      const other = flat(reference.get(path) as np.Array);
      expect(largest(flat(gradient).map((x, i) => x - (other[i] ?? NaN))), path).toBeLessThan(1e-5);
    }
    compiled.dispose();
  });

  test("a later token does not change earlier logits, and does change its own", () => {
    const of = (rows: number[][]): number[][][] =>
      model.apply(sampleParams(config), ids(rows)).js() as number[][][];
    const changed = tokens2x5.map((row) => row.map((id, t) => (t === 3 ? (id + 1) % 7 : id)));
    const [before, after] = [of(tokens2x5), of(changed)];
    for (const b of [0, 1]) {
      expect(after[b]?.slice(0, 3)).toEqual(before[b]?.slice(0, 3));
      expect(after[b]?.[3]).not.toEqual(before[b]?.[3]);
      // Without blocks there is no attention and the last position sees itself only.
      if (model.config.depth > 0) expect(after[b]?.[4]).not.toEqual(before[b]?.[4]);
    }
  });

  test("sequences of a batch do not see each other", () => {
    const both = model.apply(sampleParams(config), ids(tokens2x5)).js() as number[][][];
    const second = model.apply(sampleParams(config), ids(tokens2x5.slice(1))).js() as number[][][];
    // float32 sums in another order: 48 terms of size 10.
    const difference =
      both[1]?.flatMap((row, t) => row.map((x, i) => x - (second[0]?.[t]?.[i] ?? NaN))) ?? [];
    expect(largest(difference)).toBeLessThan(1e-5);
  });

  test("every path has one role, and the counts are those of the tree", () => {
    const params = model.init(random.key(0));
    const leaves = namedLeaves(params);
    expect(leaves.map(([path]) => path)).toEqual(model.parameters.map(({ path }) => path));
    expect(leaves.map(([, { shape }]) => shape)).toEqual(model.parameters.map(({ shape }) => shape));
    expect(Object.keys(model.roles()).sort()).toEqual(leaves.map(([path]) => path).sort());
    expect(leaves.reduce((sum, [, { size }]) => sum + size, 0)).toBe(model.parameterCount);
    expect(listParameters(params, model.roles())).toEqual(model.parameters); // no role contradicts a name
    disposeTree(params);
  });

  // Gradients under jit only: in jax-js 0.1.25 an eager grad of its own nn.softmax already leaks a buffer.
  test("nothing leaks", async () => {
    const compiled = jit(valueAndGrad(model.loss));
    const work = (): void => {
      model.apply(sampleParams(config), ids(tokens2x5)).dispose();
      model.loss(model.init(random.key(1)), batch()).dispose();
      disposeTree(compiled(sampleParams(config) as never, batch() as never) as Tree);
    };
    expect(await leakedBuffers(work)).toBe(0);
    compiled.dispose();
  });
});

// The wasm engine's exp, log and erf are good to about 1e-7 even in float64 (without blocks, where the logits
// need none of them, the error is 7e-16); a wrong formula is off by 1e-2 or more.
const LOGIT_ERROR = 2e-6;
const GRADIENT_ERROR = 2e-6;

describe("sizes", () => {
  const base = { vocabSize: 89, context: 64, width: 64, depth: 2, heads: 4 };

  test("counts by hand", () => {
    // 2 tables of 89 · 64, per block 4 · 64² + 8 · 64²
    expect(gpt(base).parameterCount).toBe(2 * 89 * 64 + 2 * 12 * 64 * 64);
    expect(gpt({ ...base, tiedHead: true }).parameterCount).toBe(89 * 64 + 2 * 12 * 64 * 64);
    // swiglu: 8/3 · 64 = 170.7, rounded up to 176; gains 2 · 64 + 2 · 16 a block and 64
    const gated = gpt({ ...base, activation: "swiglu", normGain: true });
    expect(gated.config.hiddenWidth).toBe(176);
    expect(gated.parameterCount).toBe(2 * 89 * 64 + 2 * (4 * 64 * 64 + 3 * 64 * 176 + 160) + 64);
    expect(gpt(base).flopsPerToken).toBe(6 * (89 * 64 + 2 * 12 * 64 * 64) + 12 * 2 * 64 * 64);
  });

  test("a tied table is a head of path embedding", () => {
    expect(gpt({ ...base, depth: 0, tiedHead: true }).roles()).toEqual({ embedding: "head" });
    expect(gpt({ ...base, depth: 0 }).roles()).toEqual({ embedding: "embedding", head: "head" });
  });

  test.each([
    [{ heads: 5 }, /heads must divide width: 64 \/ 5 .* take 1, 2, 4, 8, 16, 32 heads, or a width of 65/],
    [{ heads: 64 }, /even width for the rotary embedding: 64 \/ 64 heads = 1; take a width of 128/],
    [{ width: 0 }, /width must be a positive integer; got 0/],
    [{ depth: 1.5 }, /depth must be 0 or a positive integer; got 1.5/],
    [{ vocabSize: undefined }, /a gpt needs vocabSize/],
    [{ activation: "relu" }, /activation is one of relu2, gelu, swiglu; got "relu".*did you mean "relu2"\?/],
    [{ contxt: 3 }, /no setting "contxt".*did you mean "context"\?/],
    [{ rotaryBase: 0 }, /rotaryBase must be a number above 1/],
    [{ tiedHead: "yes" }, /tiedHead is true or false; got yes/],
  ])("refuses %o", (change, message) => {
    const make = () => gpt({ ...base, ...change } as never);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  test("sequences longer than the context are refused", () => {
    const model = gpt({ ...base, context: 4 });
    const params = model.init(random.key(0));
    expect(() => model.apply(params, ids(tokens2x5))).toThrow(
      /tokens are 5 long but the model's context is 4/,
    );
  });
});

describe("init", () => {
  const model = gpt({ vocabSize: 40, context: 8, width: 64, depth: 2, heads: 4, normGain: true });
  const rms = (x: np.Array): number => Math.sqrt(np.mean(np.square(x.ref)).item());

  test("the default scales", () => {
    const params = model.init(random.key(0));
    const expected: Record<string, number> = {
      embedding: 1,
      head: 0.02,
      "blocks.1.attention.query": 1 / 8,
      "blocks.1.attention.out": 1 / 16,
      "blocks.0.feedForward.up": 1 / 8,
      "blocks.0.feedForward.down": 1 / 32,
      "blocks.0.attention.gain": 1,
    };
    for (const [path, leaf] of namedLeaves(params)) {
      const size = expected[path];
      // The RMS of n normal numbers is off by 1/√(2n), 1.4 % for 2560; five of them.
      if (size !== undefined) expect(Math.abs(rms(leaf) / size - 1), path).toBeLessThan(0.07);
    }
    disposeTree(params);
  });

  test("the first loss is about log(vocabSize)", () => {
    const tokens = ids([[1, 2, 3, 4, 5, 6, 7, 8]]);
    const loss = model.loss(model.init(random.key(5)), { tokens: tokens.ref, targets: tokens });
    expect(Math.abs(loss.item() - Math.log(40))).toBeLessThan(0.2); // logits have a standard deviation of 0.16
  });

  test("same key, same parameters; another key, others", () => {
    const of = (seed: number): number[][] =>
      namedLeaves(model.init(random.key(seed))).map(([, x]) => flat(x));
    expect(of(1)).toEqual(of(1));
    expect(of(1)[0]).not.toEqual(of(2)[0]);
    expect(of(1)[2]).not.toEqual(of(1)[3]); // query and key do not share numbers
  });

  test("asks the optimizer first, and keeps its own value for the rest", async () => {
    const asked: Parameter[] = [];
    const initialize = (key: np.Array, parameter: Parameter): np.Array | undefined => {
      key.dispose();
      asked.push(parameter);
      return parameter.role === "hidden" ? np.ones([...parameter.shape]) : undefined;
    };
    const params = model.init(random.key(0), { initialize });
    const usual = model.init(random.key(0));
    expect(asked).toEqual(model.parameters);
    expect(new Set(flat(params.blocks[1]?.attention.out as np.Array))).toEqual(new Set([1]));
    expect(flat(params.embedding)).toEqual(flat(usual.embedding));
    expect(await leakedBuffers(() => disposeTree(model.init(random.key(0), { initialize }) as Tree))).toBe(0);
  });

  test("a value of the wrong shape is an error that names the parameter and leaks nothing", async () => {
    const initialize = (key: np.Array): np.Array => {
      key.dispose();
      return np.ones([2, 3]);
    };
    const work = () =>
      expect(() => model.init(random.key(0), { initialize })).toThrow(
        /returned shape \[2,3\] for "embedding", expected \[40,64\]/,
      );
    expect(await leakedBuffers(work)).toBe(0);
  });
});
