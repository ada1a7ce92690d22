import { grad, jit, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { disposeTree, listParameters, namedLeaves, refTree, type Tree } from "steepest";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { cnn } from "../src/image/cnn.ts";
import type { ImageModel } from "../src/image/imageModel.ts";
import { logistic } from "../src/image/logistic.ts";
import { mlp } from "../src/image/mlp.ts";
import { vit } from "../src/image/vit.ts";
import {
  type Image,
  type Nested,
  type ReferenceCnn,
  type ReferenceMlp,
  type ReferenceVit,
  referenceCnn,
  referenceLoss,
  referenceMlp,
  referenceVit,
} from "./referenceImageModels.ts";

interface Case {
  readonly title: string;
  readonly model: ImageModel;
  readonly smoothing: number;
  readonly labels: number[];
  /** The logits of a batch, from the formulas. */
  reference(params: Nested, images: Image[]): number[][];
  /** What is added to the cross-entropy. */
  penalty?(params: Nested): number;
}

const labels = [2, 0, 1];
const filters = Array.from({ length: 64 }, (_, i) => Math.sin(1 + 2.3 * i));
const small = { classes: 3 } as const;

/** The params with the frozen filters of `filters` as first weight: [16, 2, 2, 2]. */
const withFilters = (params: ReferenceCnn): ReferenceCnn => {
  const all = [...filters, ...filters.map((x) => -x)].map(Math.fround);
  const weight = Array.from({ length: 16 }, (_, f) =>
    [0, 1].map((c) => [0, 1].map((y) => [0, 1].map((x) => all[f * 8 + c * 4 + y * 2 + x] ?? 0))),
  );
  return { ...params, first: { ...params.first, weight } };
};

const cases: Case[] = [
  {
    title: "cnn, frozen filters, gains",
    model: cnn({
      imageShape: [2, 9, 8],
      ...small,
      widths: [3, 18],
      normGain: true,
      whitening: filters,
    }) as ImageModel,
    smoothing: 0.2,
    labels,
    reference: (params, images) =>
      referenceCnn(withFilters(params as never), images, { eps: 1e-5, scale: 1 / 9 }).logits,
  },
  {
    title: "cnn, trained first layer, depth 1",
    model: cnn({
      imageShape: [1, 6, 6],
      ...small,
      widths: [4],
      depth: 1,
      kernel: 3,
      labelSmoothing: 0,
      logitScale: 0.5,
    }) as ImageModel,
    smoothing: 0,
    labels,
    reference: (params, images) => referenceCnn(params as never, images, { eps: 1e-5, scale: 0.5 }).logits,
  },
  {
    title: "cnn, scaled activations",
    model: cnn({ imageShape: [1, 6, 6], ...small, widths: [4, 5], activationScale: true }) as ImageModel,
    smoothing: 0.2,
    labels,
    reference: (params, images) =>
      referenceCnn(params as never, images, { eps: 1e-5, scale: 1 / 9, factor: Math.SQRT2 }).logits,
  },
  {
    title: "vit, class token",
    model: vit({ imageShape: [2, 8, 4], ...small, width: 6, depth: 2, heads: 3 }) as ImageModel,
    smoothing: 0.1,
    labels,
    reference: (params, images) =>
      images.map((image) => referenceVit(params as never as ReferenceVit, image, 3)),
  },
  {
    title: "vit, mean, no biases and gains",
    model: vit({
      imageShape: [1, 4, 6],
      ...small,
      width: 4,
      depth: 1,
      heads: 1,
      patch: 2,
      hiddenWidth: 5,
      pooling: "mean",
      bias: false,
      normGain: false,
      labelSmoothing: 0,
    }) as ImageModel,
    smoothing: 0,
    labels,
    reference: (params, images) =>
      images.map((image) => referenceVit(params as never as ReferenceVit, image, 1)),
  },
  {
    title: "vit, scaled activations",
    model: vit({
      imageShape: [1, 4, 4],
      ...small,
      width: 4,
      depth: 1,
      heads: 2,
      activationScale: true,
    }) as ImageModel,
    smoothing: 0.1,
    labels,
    reference: (params, images) =>
      images.map((image) => referenceVit(params as never as ReferenceVit, image, 2, Math.SQRT2)),
  },
  ...(
    [
      ["relu", Math.SQRT2],
      ["gelu", Math.SQRT2],
      ["relu2", 2],
    ] as const
  ).map(
    ([activation, factor]): Case => ({
      title: `mlp, ${activation} times ${factor}`,
      model: mlp({
        imageShape: [1, 3, 2],
        ...small,
        widths: [5, 4],
        activation,
        activationScale: true,
      }) as ImageModel,
      smoothing: 0,
      labels,
      reference: (params, images) =>
        images.map((image) => referenceMlp(params as never as ReferenceMlp, image, activation, factor)),
    }),
  ),
  {
    title: "mlp",
    model: mlp({ imageShape: [2, 3, 2], ...small, widths: [5, 4], activation: "gelu" }) as ImageModel,
    smoothing: 0,
    labels,
    reference: (params, images) =>
      images.map((image) => referenceMlp(params as never as ReferenceMlp, image, "gelu")),
  },
  {
    title: "logistic, multinomial",
    model: logistic({ imageShape: [1, 3, 2], ...small, l2: 0.3 }) as ImageModel,
    smoothing: 0,
    labels,
    reference: (params, images) => {
      const { head, bias } = params as never as { head: number[][]; bias: number[] };
      return images.map((image) => referenceMlp({ layers: [], head, headBias: bias }, image, "relu"));
    },
    penalty: (params) =>
      0.15 * (params as never as { head: number[][] }).head.flat().reduce((sum, w) => sum + w * w, 0),
  },
  {
    title: "logistic, class 0 or 2 against 1",
    model: logistic({ imageShape: [1, 3, 2], ...small, positive: [2, 0] }) as ImageModel,
    smoothing: 0,
    labels: [1, 1, 0],
    reference: (params, images) => {
      const { head, bias } = params as never as { head: number[][]; bias: number[] };
      return images.map((image) => {
        const [z = NaN] = referenceMlp({ layers: [], head, headBias: bias }, image, "relu");
        return [0, z];
      });
    },
  },
];

/** Parameters with nothing special about them. */
function sampleParams(model: ImageModel, dtype: np.DType = np.float64): Tree {
  const fresh = model.init(random.key(0));
  let seed = 10;
  return tree.map((leaf: np.Array) => {
    const { shape } = leaf;
    leaf.dispose();
    return random.normal(random.key(seed++), shape).mul(0.6).add(0.2).astype(dtype);
  }, fresh) as Tree;
}

const sampleImages = ({ imageShape }: ImageModel, dtype: np.DType = np.float64): np.Array =>
  random.normal(random.key(99), [3, ...imageShape]).astype(dtype);
const sampleLabels = (): np.Array => np.array(labels, { dtype: np.int32 });
const sampleBatch = (model: ImageModel, dtype: np.DType = np.float64) => ({
  images: sampleImages(model, dtype),
  labels: sampleLabels(),
});
const plain = (params: Tree): Nested => tree.map((x: np.Array) => x.js(), params) as never as Nested;
const flat = (x: np.Array): number[] => [...x.dataSync()];
const largest = (xs: number[]): number => Math.max(...xs.map(Math.abs));
const leafAt = (node: unknown, path: string): Nested[] =>
  path.split(".").reduce((inner, key) => (inner as Record<string, unknown>)[key], node) as Nested[];

// The wasm engine's exp, log and erf are good to about 1e-7 even in float64; a wrong formula is off by 1e-2.
const ROUNDING = 2e-6;
// Its log has an absolute error of 1.2e-5 (measured over 1 … 5), which a loss gets and a gradient does not.
const LOG_ERROR = 1.5e-5;

describe.each(cases)("$title", ({ model, reference, smoothing, labels: answers, penalty }) => {
  const images = sampleImages(model).js() as Image[];
  const lossOf = (params: Nested): number =>
    referenceLoss(reference(params, images), answers, smoothing) + (penalty?.(params) ?? 0);

  test("logits equal a plain float64 implementation", () => {
    const params = sampleParams(model);
    const expected = reference(plain(refTree(params)), images).flat();
    const logits = model.apply(params, sampleImages(model));
    expect(logits.shape).toEqual([3, model.classes]);
    expect(largest(flat(logits).map((x, i) => x - (expected[i] ?? NaN)))).toBeLessThan(ROUNDING);
  });

  test("the loss is that of the formulas; the score leaves smoothing and penalty out", () => {
    const params = sampleParams(model);
    const numbers = plain(refTree(params));
    expect(Math.abs(model.loss(refTree(params), sampleBatch(model)).item() - lossOf(numbers))).toBeLessThan(
      LOG_ERROR,
    );
    const logits = reference(numbers, images);
    const { loss, accuracy } = model.score(params, sampleBatch(model));
    expect(Math.abs(loss.item() - referenceLoss(logits, answers, 0))).toBeLessThan(LOG_ERROR);
    const right = logits.filter((row, n) => row.indexOf(Math.max(...row)) === answers[n]);
    expect(accuracy.item()).toBeCloseTo(right.length / 3, 6);
  });

  // Central differences of the plain implementation, h = 1e-5: truncation h² · f''' ~ 1e-9, rounding 1e-16 / h.
  test("gradients equal finite differences", () => {
    const params = sampleParams(model);
    const numbers = plain(refTree(params));
    const gradients = grad((p: Tree) => model.loss(p, sampleBatch(model)))(params) as Tree;
    for (const [path, gradient] of namedLeaves(gradients)) {
      const values = flat(gradient);
      for (const k of [0, values.length - 1]) {
        let [row, i] = [leafAt(numbers, path), k];
        for (const size of gradient.shape
          .slice(1)
          .map((_, d) => gradient.shape.slice(d + 1).reduce((a, b) => a * b, 1))) {
          row = row[Math.floor(i / size)] as Nested[];
          i %= size;
        }
        const x = row[i] as number;
        const [above, below] = [1e-5, -1e-5].map((h) => {
          row[i] = x + h;
          return lossOf(numbers);
        }) as [number, number];
        row[i] = x;
        expect(Math.abs((values[k] ?? NaN) - (above - below) / 2e-5), `${path}[${k}]`).toBeLessThan(ROUNDING);
      }
    }
  });

  test("float32 under jit agrees with eager float64", () => {
    const compiled = jit(valueAndGrad(model.loss));
    const [loss, gradients] = compiled(
      sampleParams(model, np.float32) as never,
      sampleBatch(model, np.float32) as never,
    ) as [np.Array, Tree];
    const exact = grad((p: Tree) => model.loss(p, sampleBatch(model)))(sampleParams(model)) as Tree;
    // A hundred rounded operations of 6e-8 on numbers of size 1 to 10.
    expect(Math.abs(loss.item() - model.loss(sampleParams(model), sampleBatch(model)).item())).toBeLessThan(
      LOG_ERROR,
    );
    const expected = new Map(namedLeaves(exact));
    for (const [path, gradient] of namedLeaves(gradients)) {
      const other = flat(expected.get(path) as np.Array);
      expect(largest(flat(gradient).map((x, i) => x - (other[i] ?? NaN))), path).toBeLessThan(2e-5);
    }
    compiled.dispose();
  });

  test("every path has one role, and the counts are those of the tree", () => {
    const params = model.init(random.key(0));
    const leaves = namedLeaves(params);
    expect(leaves.map(([path, { shape }]) => [path, shape])).toEqual(
      model.parameters.map(({ path, shape }) => [path, shape]),
    );
    expect(leaves.reduce((sum, [, { size }]) => sum + size, 0)).toBe(model.parameterCount);
    expect(listParameters(params, model.roles())).toEqual(model.parameters); // no role contradicts a name
    disposeTree(params);
  });

  test("images of another shape are refused", () => {
    const wrong = random.normal(random.key(0), [3, 1, 2, 2]);
    expect(() => model.apply(sampleParams(model), wrong)).toThrow(/images must be \[batch, \d, \d, \d\]/);
  });

  // Gradients under jit only: in jax-js 0.1.25 an eager grad already leaks buffers of its own.
  test("nothing leaks", async () => {
    const compiled = jit(valueAndGrad(model.loss));
    const work = (): void => {
      disposeTree(model.init(random.key(1)));
      model.apply(sampleParams(model), sampleImages(model)).dispose();
      model.loss(sampleParams(model), sampleBatch(model)).dispose();
      disposeTree(model.score(sampleParams(model), sampleBatch(model), { testTime: "flip-translate" }));
      if (model.statistics !== undefined) {
        const found = model.statistics(sampleParams(model), sampleImages(model));
        model.apply(sampleParams(model), sampleImages(model), found).dispose();
      }
      disposeTree(
        compiled(sampleParams(model, np.float32) as never, sampleBatch(model, np.float32) as never) as Tree,
      );
    };
    expect(await leakedBuffers(work)).toBe(0);
    compiled.dispose();
  });
});

describe("batch-norm statistics of a cnn", () => {
  const [first] = cases;
  const model = first?.model as ImageModel;
  test("are the moments of every layer, and evaluation uses what it is given", () => {
    const params = sampleParams(model);
    const numbers = withFilters(plain(refTree(params)) as never);
    const images = sampleImages(model).js() as Image[];
    const { moments } = referenceCnn(numbers, images, { eps: 1e-5, scale: 1 / 9 });
    const found = model.statistics?.(refTree(params), sampleImages(model)) ?? {};
    const names = ["groups.0.0", "groups.0.1", "groups.1.0", "groups.1.1"];
    expect(Object.keys(found)).toEqual(names.flatMap((name) => [`${name}.mean`, `${name}.variance`]));
    for (const [i, name] of names.entries()) {
      for (const what of ["mean", "variance"] as const) {
        const expected = moments[i]?.[what] ?? [];
        const values = flat(found[`${name}.${what}`]?.ref as np.Array);
        expect(largest(values.map((x, c) => x / (expected[c] ?? NaN) - 1))).toBeLessThan(ROUNDING);
      }
    }
    // One image, which alone would be normalised quite differently.
    const given = referenceCnn(numbers, images.slice(0, 1), { eps: 1e-5, scale: 1 / 9, given: moments });
    const logits = flat(model.apply(params, sampleImages(model).slice([0, 1]), found));
    expect(largest(logits.map((x, c) => x - (given.logits[0]?.[c] ?? NaN)))).toBeLessThan(ROUNDING);
  });

  test("statistics of another model are refused", () => {
    expect(() => model.apply(sampleParams(model), sampleImages(model), {})).toThrow(
      /the statistics lack "groups.0.0.mean"/,
    );
  });
});
