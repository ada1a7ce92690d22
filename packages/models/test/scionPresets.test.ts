import { grad, numpy as np, random } from "@jax-js/jax";
import {
  applyUpdates,
  clippedScionPreset,
  createOptimizer,
  disposeTree,
  explainAssignment,
  namedLeaves,
  type Optimizer,
  refTree,
  type ScionOptions,
  scionPreset,
  scionPresets,
  type Tree,
  type UniformKind,
  uniformScion,
} from "steepest";
import { describe, expect, test } from "vitest";
import { cnn } from "../src/image/cnn.ts";
import type { ImageModel } from "../src/image/imageModel.ts";
import { mlp } from "../src/image/mlp.ts";
import { vit } from "../src/image/vit.ts";
import { gpt } from "../src/language/gpt.ts";
import type { LanguageModel } from "../src/model/model.ts";

const sizes = { vocabSize: 7, context: 4, width: 8, depth: 1, heads: 2, activationScale: true } as const;
const images = { imageShape: [2, 8, 8], classes: 3, activationScale: true } as const;
const small = {
  gptTied: gpt({ ...sizes, tiedHead: true }) as LanguageModel<Tree>,
  gptUntied: gpt(sizes) as LanguageModel<Tree>,
  mlp: mlp({ ...images, widths: [6, 5] }) as ImageModel<Tree>,
  cnn: cnn({ ...images, widths: [4, 5], depth: 1, normGain: true }) as ImageModel<Tree>,
  vit: vit({ ...images, width: 6, depth: 1, heads: 2 }) as ImageModel<Tree>,
};
type Small = keyof typeof small;

function gradientOf(model: LanguageModel<Tree> | ImageModel<Tree>, params: Tree): Tree {
  if (model.kind === "image") {
    const batch = {
      images: random.normal(random.key(3), [4, 2, 8, 8]),
      labels: np.array([0, 1, 2, 0], { dtype: np.int32 }),
    };
    return grad((p: Tree) => model.loss(p, batch))(params);
  }
  const ids = (from: number): np.Array =>
    np
      .array(
        [0, 1, 2, 3, 4, 5, 6, 0].map((id) => (id + from) % 7),
        { dtype: np.int32 },
      )
      .reshape([2, 4]);
  return grad((p: Tree) => model.loss(p, { tokens: ids(0), targets: ids(1) }))(params);
}

/** Norm and radius of every parameter, [path, norm, radius]. */
function assignmentOf(
  name: Small,
  optimizer: Optimizer,
): Map<string, [norm: string, radius: number | undefined]> {
  const params = small[name].init(random.key(1));
  const rows = explainAssignment(optimizer, params, { print: false });
  disposeTree(params);
  return new Map(rows.map(({ path, method, scale }) => [path, [method, scale]]));
}

/** One step from where the optimizer starts; all weights finite, and moved. */
function stepIsFinite(name: Small, optimizer: Optimizer): void {
  const model = small[name];
  const start = model.init(random.key(1), { initialize: optimizer.initialize.bind(optimizer) });
  const gradient = gradientOf(model, refTree(start));
  const [updates, state] = optimizer.update(gradient, optimizer.init(refTree(start)), refTree(start));
  disposeTree(state);
  for (const [path, leaf] of namedLeaves(applyUpdates(start, updates)))
    expect((leaf.ravel().js() as number[]).every(Number.isFinite), path).toBe(true);
}

const roles = (name: Small) => ({ roles: small[name].roles() });

/** nc 3.4 and 3.3: a parameter of each kind, with its norm and radius. */
const cases: [title: string, model: Small, options: ScionOptions, Record<string, [string, number]>][] = [
  [
    "nanoGpt, tied",
    "gptTied",
    scionPreset("nanoGpt"),
    { embedding: ["sign_normalized", 3000], "blocks.0.attention.query": ["spectral", 50] },
  ],
  [
    "shallowGpt",
    "gptUntied",
    scionPreset("shallowGpt"),
    { embedding: ["colnorm", 1], "blocks.0.feedForward.up": ["spectral", 3], head: ["sign_normalized", 10] },
  ],
  [
    "mlp",
    "mlp",
    scionPreset("mlp", { firstLayer: "layers.0.weight" }),
    {
      "layers.0.weight": ["spectral_max", 1],
      "layers.1.weight": ["spectral", 1],
      head: ["sign_normalized", 1024],
      "layers.0.bias": ["bias_rms", 1],
    },
  ],
  [
    "airbench",
    "cnn",
    scionPreset("airbench"),
    {
      "first.weight": ["spectral_conv", 8],
      "groups.1.0.weight": ["spectral_conv", 8],
      "groups.0.0.gain": ["bias_rms", 8],
      head: ["sign_normalized", 128],
    },
  ],
  [
    "airbenchSpeedrun",
    "cnn",
    scionPreset("airbenchSpeedrun", { firstLayer: "first.weight" }),
    {
      "first.weight": ["spectral_conv", 8],
      "groups.1.0.weight": ["spectral_conv", 16],
      "groups.0.0.gain": ["bias_rms", 4],
      head: ["sign_normalized", 128],
    },
  ],
  [
    "vit",
    "vit",
    scionPreset("vit", { tokens: ["classToken", "positions"] }),
    {
      "patches.weight": ["spectral_conv", 25],
      "blocks.0.attention.query.weight": ["spectral", 25],
      classToken: ["bias_rms", 25],
      positions: ["bias_rms", 25],
      "blocks.0.feedForward.up.bias": ["bias_rms", 25],
      head: ["sign_normalized", 500],
    },
  ],
];

describe.each(cases)("scion preset %s", (_title, name, options, expected) => {
  test.each(["scion", "unconstrained_scion"] as const)(
    "%s: norms and radii by layer, one finite step",
    (method) => {
      const optimizer = createOptimizer(method, { ...options, ...roles(name) });
      const found = assignmentOf(name, optimizer);
      for (const [path, rule] of Object.entries(expected)) expect(found.get(path), path).toEqual(rule);
      stepIsFinite(name, optimizer);
    },
  );
});

test("airbench really runs Lakić's iteration and starts its average at the first gradient", () => {
  const { polar, steps, momentumStart, ...rest } = scionPresets.airbench.options;
  expect([polar, steps, momentumStart]).toEqual(["lakic", 9, "gradient"]);
  const move = (options: ScionOptions): number[] => {
    const optimizer = createOptimizer("unconstrained_scion", { ...options, ...roles("cnn") });
    const start = small.cnn.init(random.key(1));
    const gradient = gradientOf(small.cnn, refTree(start));
    const [updates, state] = optimizer.update(gradient, optimizer.init(refTree(start)), start);
    const average = namedLeaves(state).find(([path]) => path.endsWith("average.head"))?.[1].ref;
    disposeTree(state);
    const moved = namedLeaves(updates).flatMap(([, leaf]) => leaf.ravel().js() as number[]);
    return [...moved, ...((average?.ravel().js() ?? []) as number[])];
  };
  const ours = move(scionPresets.airbench.options);
  const keller = move(rest);
  expect(ours.length).toBe(keller.length);
  expect(Math.max(...ours.map((x, i) => Math.abs(x - (keller[i] ?? 0))))).toBeGreaterThan(1e-3);
});

describe("clipped presets", () => {
  test.each([
    ["nanoGpt", "gptTied", { embedding: 3000, "blocks.0.attention.query": 50 }],
    ["airbench", "cnn", { "first.weight": 8, "groups.0.0.gain": 8, head: 128 }],
    ["vit", "vit", { "patches.weight": 25, positions: 25, "blocks.0.attention.out.bias": 25, head: 500 }],
  ] as const)("%s: radii by layer, one finite step of both methods", (preset, name, radii) => {
    const options = clippedScionPreset(
      preset,
      preset === "vit" ? { tokens: ["classToken", "positions"] } : {},
    );
    for (const method of ["unconstrained_clipped_scion", "clipped_scion"] as const) {
      const optimizer = createOptimizer(method, { ...options, ...roles(name) } as never);
      const found = assignmentOf(name, optimizer);
      for (const [path, radius] of Object.entries(radii)) expect(found.get(path)?.[1], path).toBe(radius);
      stepIsFinite(name, optimizer);
    }
  });
});

describe("one kind of norm everywhere, Table 6", () => {
  const kinds: [UniformKind, first: string, others: string, vectors: string][] = [
    ["spectral", "spectral_2rms", "spectral", "bias_rms"],
    ["colnorm", "colnorm", "colnorm_normalized", "bias_rms"],
    ["rownorm", "rownorm_input", "rownorm", "bias_rms"],
    ["sign", "sign", "sign_normalized", "bias_sign"],
  ];
  test.each(kinds)(
    "%s: the first layer %s, the others %s, vectors %s; a finite step",
    (kind, first, others, vectors) => {
      const ends = { embedding: "embedding", head: "head" };
      const options = uniformScion(kind, scionPresets.shallowGpt.options, ends);
      const text = createOptimizer("scion", { ...options, ...roles("gptUntied") });
      const found = assignmentOf("gptUntied", text);
      expect(found.get("embedding")?.[0].startsWith(first)).toBe(true);
      expect(found.get("embedding")?.[1]).toBe(1);
      expect(found.get("head")).toEqual([others, 10]);
      expect(found.get("blocks.0.attention.query")).toEqual([others, 3]);
      stepIsFinite("gptUntied", text);
      // Images: the first layer is as the others, by [dOut, rest] where it is a convolution.
      const image = createOptimizer("scion", { ...uniformScion(kind, { radius: 2 }), ...roles("cnn") });
      const layers = assignmentOf("cnn", image);
      expect(layers.get("first.weight")?.[0].startsWith(others)).toBe(true);
      expect(layers.get("first.bias")?.[0]).toBe(vectors);
      stepIsFinite("cnn", image);
    },
  );

  test("refuses another kind", () => {
    expect(() => uniformScion("nuclear" as "sign")).toThrow(
      /no kind "nuclear"; the kinds are spectral, colnorm/,
    );
  });
});
