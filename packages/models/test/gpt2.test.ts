import { random } from "@jax-js/jax";
import { ConfigError, gpt2 } from "@steepest/models";
import { disposeTree, namedLeaves } from "steepest";
import { describe, expect, test } from "vitest";
import { flat, languageModelContract } from "./languageModelContract.ts";
import { referenceGpt2 } from "./referenceGpt2.ts";

const small = { vocabSize: 7, context: 5, width: 6, depth: 2, heads: 2 };
languageModelContract("gpt2", gpt2(small), (params, tokens) =>
  referenceGpt2({ heads: 2, normEps: 1e-5, scale: 1 }, params, tokens),
);

const changed = { ...small, depth: 1, heads: 1, hiddenWidth: 9, normEps: 0.01, activationScale: true };
languageModelContract("gpt2, every setting changed", gpt2(changed), (params, tokens) =>
  referenceGpt2({ heads: 1, normEps: 0.01, scale: Math.SQRT2 }, params, tokens),
);

describe("settings", () => {
  test("roles: the shared table is a head, the positions an embedding", () => {
    expect(gpt2({ ...small, depth: 0 }).roles()).toEqual({
      embedding: "head",
      positions: "embedding",
      finalGain: "gain",
      finalBias: "bias",
    });
  });

  test.each([
    [
      { heads: 5 },
      /heads must divide width: 6 \/ 5 is not whole; take 1, 2, 3, 6 heads, or a width of 5 or 10/,
    ],
    [{ context: 0 }, /context must be a positive integer; got 0/],
    [{ width: undefined }, /a gpt2 needs width/],
    [{ tiedHead: true }, /a gpt2 has no setting "tiedHead"/],
    [{ normEps: -1 }, /normEps must be a number above 0, usually 1e-5; got -1/],
  ])("refuses %o", (change, message) => {
    const make = () => gpt2({ ...small, ...change } as never);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });
});

test("starting values: 0.02, residual matrices by 1/√(2 depth), gains 1, biases 0", () => {
  const params = gpt2({ vocabSize: 60, context: 50, width: 48, depth: 8, heads: 2 }).init(random.key(0));
  const expected: Record<string, number> = {
    embedding: 0.02,
    positions: 0.02,
    "blocks.7.attention.query": 0.02,
    "blocks.7.attention.out": 0.005,
    "blocks.0.feedForward.up": 0.02,
    "blocks.0.feedForward.down": 0.005,
    "blocks.3.attention.gain": 1,
    "blocks.3.attention.queryBias": 0,
    finalGain: 1,
    finalBias: 0,
  };
  for (const [path, leaf] of namedLeaves(params)) {
    const size = expected[path];
    if (size === undefined) continue;
    const values = flat(leaf.ref);
    const rms = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
    // The RMS of n normal numbers is off by 1/√(2n), 1.5 % for 2304; five of them.
    expect(Math.abs(rms - size), path).toBeLessThanOrEqual(0.075 * size);
  }
  disposeTree(params);
});
