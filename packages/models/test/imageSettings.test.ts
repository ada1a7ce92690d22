import { numpy as np, random } from "@jax-js/jax";
import { namedLeaves } from "steepest";
import { describe, expect, test } from "vitest";
import { createModel, modelKind } from "../src/createModel.ts";
import { cnn } from "../src/image/cnn.ts";
import { logistic } from "../src/image/logistic.ts";
import { smoothedCrossEntropy } from "../src/image/smoothedCrossEntropy.ts";
import { symmetricEigen } from "../src/image/symmetricEigen.ts";
import { testTimeLogits } from "../src/image/testTimeLogits.ts";
import { whiten } from "../src/image/whiten.ts";
import { ConfigError } from "../src/model/configError.ts";

const imagenet = { imageShape: [3, 224, 224], classes: 1000 } as const;
const cifar = { imageShape: [3, 32, 32], classes: 10 } as const;
const fashion = { imageShape: [1, 28, 28], classes: 10 } as const;

describe("parameter counts", () => {
  // timm's counts with LayerNorm; ours has the gains of 2 · 12 + 1 norms and not their biases.
  test.each([
    ["vit-tiny", 5_717_416, 192],
    ["vit-small", 22_050_664, 384],
    ["vit-base", 86_567_656, 768],
  ])("%s is DeiT's", (name, deit, width) => {
    expect(createModel(name, imagenet).parameterCount).toBe(deit - 25 * width);
  });

  test("cnn is airbench's 1.97M, of which the frozen filters are no parameters", () => {
    const convolutions = 9 * (24 * 64 + 64 * 64 + 64 * 256 + 3 * 256 * 256);
    const biases = 24 + 2 * 64 + 4 * 256;
    const whitening = new Array(144).fill(0);
    expect(createModel("cnn", { ...cifar, whitening }).parameterCount).toBe(convolutions + biases + 2560);
    expect(createModel("cnn", cifar).parameterCount).toBe(convolutions + biases + 2560 + 288);
  });

  test("operations: 3.6e14 in 9.9 epochs of airbench (its own count)", () => {
    const { flopsPerToken } = createModel("cnn", { ...cifar, whitening: new Array(144).fill(0) });
    // Theirs counts what the GPU's profiler sees; a tenth either way is the same model.
    expect(flopsPerToken * 50_000 * 9.9).toBeGreaterThan(3.2e14);
    expect(flopsPerToken * 50_000 * 9.9).toBeLessThan(4e14);
  });

  test("logistic", () => {
    expect(createModel("logistic", fashion).parameterCount).toBe(7850);
    expect(createModel("logistic", { ...fashion, positive: [6] }).parameterCount).toBe(785);
  });
});

describe("settings that cannot work", () => {
  test.each([
    ["cnn", { width: [3] }, /a cnn has no setting "width" \(did you mean "widths"\?\)/],
    ["cnn", { widths: [] }, /widths must be a list of channels/],
    ["cnn", { widths: [8, 8, 8, 8, 8] }, /28 × 28 pixels is too small for 5 groups/],
    ["cnn", { whitening: [1, 2] }, /whitening must be the 16 numbers .* for 1 channels; got 2 numbers/],
    ["cnn", { labelSmoothing: 1 }, /labelSmoothing must be a number ≥ 0 and < 1; got 1/],
    [
      "vit-tiny",
      { patch: 5 },
      /patches of 5 × 5 do not tile an image of 28 × 28: take patch 1, 2, 4, 7, 14, 28/,
    ],
    ["vit-tiny", { heads: 5 }, /heads must divide width: 192 \/ 5/],
    ["vit-tiny", { pooling: "meen" }, /pooling is one of class, mean; got "meen" \(did you mean "mean"\?\)/],
    ["mlp", { activation: "tanh" }, /activation is one of relu, gelu, relu2/],
    ["mlp", { activationScale: "yes" }, /activationScale is true or false; got yes/],
    ["cnn", { activationScale: 1 }, /activationScale is true or false; got 1/],
    ["vit-micro", { activationScale: Math.SQRT2 }, /activationScale is true or false; got 1.41/],
    [
      "vit-micro",
      { activationScaling: true },
      /no setting "activationScaling" \(did you mean "activationScale"\?\)/,
    ],
    ["mlp", { widths: [0] }, /every one of widths must be a positive integer; got 0/],
    ["logistic", { positive: [] }, /positive must be some of the classes 0 … 9, not all, each once/],
    ["logistic", { positive: [10] }, /positive must be some of the classes/],
    ["logistic", { imageShape: [28, 28] }, /imageShape must be \[channels, height, width\].*got \[28,28\]/],
    ["logistic", { classes: 1 }, /classes must be at least 2/],
  ])("%s with %o", (name, change, message) => {
    const make = () => createModel(name, { ...fashion, ...change });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(message);
  });

  test("a name that is none", () => {
    expect(() => modelKind("logistics")).toThrow(
      /no model "logistics" \(did you mean "logistic"\?\); models are tiny/,
    );
    expect(["tiny", "cnn", "quadratic"].map(modelKind)).toEqual(["language", "image", "problem"]);
  });
});

test("every setting of a model builds the same model again", () => {
  for (const name of ["cnn", "cnn-small", "mlp", "logistic", "vit-micro", "vit-tiny"]) {
    const { config } = createModel(name, fashion);
    const again = createModel(name, JSON.parse(JSON.stringify(config)));
    expect(again.config).toEqual(config);
  }
});

describe("starting values", () => {
  test("the first filters of a convolution are the identity, the rest is uniform on ±1/√fanIn", () => {
    const params = cnn({ ...fashion, widths: [12, 16], kernel: 2 }).init(random.key(0));
    const filters = params.groups[1]?.[0]?.weight.js() as number[][][][]; // [16, 12, 3, 3]
    for (let o = 0; o < 12; o++) {
      for (let i = 0; i < 12; i++) {
        expect(filters[o]?.[i]?.flat()).toEqual([0, 0, 0, 0, o === i ? 1 : 0, 0, 0, 0, 0]);
      }
    }
    const rest = filters.slice(12).flat(3);
    const bound = 1 / Math.sqrt(108);
    expect(Math.max(...rest.map(Math.abs))).toBeLessThan(bound);
    // 432 uniform numbers: the largest is above 0.97 of the bound but for a chance of 2e-6.
    expect(Math.max(...rest.map(Math.abs))).toBeGreaterThan(0.97 * bound);
  });

  test("a logistic regression starts at 0 whatever the optimizer wants", () => {
    const params = logistic(fashion).init(random.key(0), {
      initialize: () => {
        throw new Error("not asked");
      },
    });
    for (const [, leaf] of namedLeaves(params)) expect([...leaf.dataSync()].every((x) => x === 0)).toBe(true);
  });
});

describe("whitening", () => {
  test("eigenpairs of a symmetric matrix", () => {
    const { values, vectors } = symmetricEigen([
      [2, 1, 0],
      [1, 2, 1],
      [0, 1, 2],
    ]);
    const expected = [2 + Math.SQRT2, 2, 2 - Math.SQRT2];
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? NaN, 12);
    });
    const [a = 0, b = 0, c = 0] = vectors[0] ?? [];
    expect(Math.abs(b / a)).toBeCloseTo(Math.SQRT2, 12);
    expect(c / a).toBeCloseTo(1, 12);
    expect(
      symmetricEigen([
        [0, 0],
        [0, 0],
      ]).values,
    ).toEqual([0, 0]);
  });

  test("the filters' outputs are uncorrelated with mean square 1", () => {
    const [channels, height, width] = [2, 5, 4];
    // Neighbours are much alike, as in photographs.
    const images = new Float32Array(40 * channels * height * width);
    let last = 0;
    for (let i = 0; i < images.length; i++) {
      last = 0.8 * last + Math.sin(i * i * 0.37 + i);
      images[i] = last;
    }
    const filters = whiten(images, [channels, height, width], { eps: 0 });
    expect(filters).toHaveLength(64);
    const moments = new Float64Array(64);
    let patches = 0;
    for (let n = 0; n < 40; n++) {
      for (let y = 0; y < height - 1; y++) {
        for (let x = 0; x < width - 1; x++) {
          const outputs = Array.from({ length: 8 }, (_, f) => {
            let sum = 0;
            for (let k = 0; k < 8; k++) {
              const [c, dy, dx] = [k >> 2, (k >> 1) & 1, k & 1];
              sum +=
                (filters[f * 8 + k] ?? NaN) *
                (images[((n * 2 + c) * height + y + dy) * width + x + dx] ?? NaN);
            }
            return sum;
          });
          patches++;
          for (let f = 0; f < 8; f++)
            for (let g = 0; g < 8; g++)
              moments[f * 8 + g] = (moments[f * 8 + g] ?? 0) + (outputs[f] ?? 0) * (outputs[g] ?? 0);
        }
      }
    }
    moments.forEach((moment, i) => {
      // Filters are rounded to float32, and the smallest eigenvalue is some 1e3 below the largest.
      expect(Math.abs(moment / patches - (i % 9 === 0 ? 1 : 0))).toBeLessThan(1e-5);
    });
  });

  test("needs an image", () => {
    expect(() => whiten(new Float32Array(3), [1, 2, 2])).toThrow(/at least one image/);
  });
});

test("label smoothing by hand, and huge logits", () => {
  const logits = np.array(new Float32Array([1, 0, 0, 2])).reshape([2, 2]);
  const [p, q] = [Math.log(1 + Math.exp(-1)), Math.log(1 + Math.exp(-2))]; // −log p of the larger logit
  const smoothed = smoothedCrossEntropy(logits, np.array([0, 1], { dtype: np.int32 }), 0.2);
  expect(smoothed.item()).toBeCloseTo((p + 0.1 * 1 + q + 0.1 * 2) / 2, 4); // the engine's log is good to 1e-5
  const huge = np.array(new Float32Array([3e4, -3e4])).reshape([1, 2]);
  expect(smoothedCrossEntropy(huge, np.array([0], { dtype: np.int32 })).item()).toBe(0);
});

describe("test-time augmentation", () => {
  // 3 × 3 pixels 1 … 9; the "logits" are the first row of the image, so that every pixel of it shows.
  const image = () => np.array(new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9])).reshape([1, 1, 3, 3]);
  const firstRow = (x: np.Array): np.Array => x.slice([], 0, 0);

  test("none, and a flip", () => {
    expect(testTimeLogits(firstRow, image(), "none").js()).toEqual([[1, 2, 3]]);
    expect(testTimeLogits(firstRow, image(), "flip").js()).toEqual([[2, 2, 2]]);
  });

  test("moved by a pixel both ways, the edge reflected", () => {
    // Down and right: first row 5 4 5 (row above the first is the second, likewise across). Up and left: 5 6 5.
    const expected = [0, 1, 2].map((i) => {
      const both = (row: number[]): number => (row[i] ?? NaN) + (row[2 - i] ?? NaN);
      return 0.25 * both([1, 2, 3]) + 0.125 * (both([5, 4, 5]) + both([5, 6, 5]));
    });
    expect(testTimeLogits(firstRow, image(), "flip-translate").js()).toEqual([expected]);
  });
});
