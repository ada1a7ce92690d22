import { numpy as np, random } from "@jax-js/jax";
import { ConfigError, type GptConfig, gpt } from "@steepest/models";
import { disposeTree, namedLeaves, type Parameter, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { flat, ids, languageModelContract, tokens2x5 } from "./languageModelContract.ts";
import { referenceDecoder } from "./referenceDecoder.ts";

/** Every option at least once on and once off; sizes that differ from each other, so that no axis is mixed up. */
const sampleConfigs: readonly GptConfig[] = [
  { vocabSize: 7, context: 5, width: 12, depth: 2, heads: 3 },
  {
    vocabSize: 7,
    context: 5,
    width: 12,
    depth: 1,
    heads: 2,
    tiedHead: true,
    activation: "gelu",
    activationScale: true,
  },
  {
    vocabSize: 7,
    context: 5,
    width: 8,
    depth: 2,
    heads: 2,
    activation: "swiglu",
    normGain: true,
    rotaryBase: 50,
  },
  {
    vocabSize: 7,
    context: 5,
    width: 8,
    depth: 1,
    heads: 1,
    queryKeyNorm: false,
    normGain: true,
    hiddenWidth: 5,
    activationScale: true,
  },
  { vocabSize: 7, context: 5, width: 4, depth: 0, heads: 1 },
];

const scales = { relu2: 2, gelu: Math.SQRT2, swiglu: 1.676532 };

for (const config of sampleConfigs) {
  const model = gpt(config);
  const { heads, activation, activationScale } = model.config;
  const scale = activationScale ? scales[activation] : 1;
  languageModelContract(JSON.stringify(config), model, (params, tokens) =>
    referenceDecoder({ ...model.config, kvHeads: heads, normEps: 1e-6, scale }, params, tokens),
  );
}

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
    [
      { heads: 5 },
      /heads must divide width: 64 \/ 5 .* take 1, 2, 4, 8, 16, 32 heads, or a width of 60 or 70/,
    ],
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
