import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { numpy as np, random } from "@jax-js/jax";
import { decodeState, encodeSafetensors, encodeState, SafetensorsError, StateError } from "@steepest/models";
import { loadState, saveState, writeSafetensors } from "@steepest/models/node";
import {
  compiledStep,
  createOptimizer,
  disposeTree,
  namedLeaves,
  type OptimizerName,
  type Tree,
} from "steepest";
import { reduceOnPlateau } from "steepest/schedules";
import { expectNoLeaks } from "steepest/testing";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "steepest-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const params = (rows = 6) => ({
  blocks: [{ up: random.normal(random.key(1), [rows, 4]) }],
  embedding: random.normal(random.key(2), [5, 4]),
  gain: np.ones([4]),
});
type Params = ReturnType<typeof params>;
const loss = ({ blocks: [block], embedding, gain }: Params): np.Array => {
  const { up = np.zeros([]) } = block ?? {};
  return np.square(np.matmul(embedding.mul(gain), np.matrixTranspose(up))).mean();
};

/** Everything of a tree as plain numbers. Borrows. */
const plain = (tree: Tree): Record<string, unknown> =>
  Object.fromEntries(
    namedLeaves(tree).map(([path, leaf]) => [path, [leaf.dtype, leaf.shape, leaf.ref.js()]]),
  );

// Counts, averages, bases, Kronecker factors, a random key, magnitudes, states in groups.
const ten: readonly OptimizerName[] = [
  "sgd",
  "adamw",
  "muon",
  "scion",
  "soap",
  "shampoo",
  "mano",
  "psgd_kron",
  "dion",
  "muown",
];

describe("params and state of ten optimizers", () => {
  test.each(ten)("%s goes on bit for bit", async (name) => {
    const optimizer = createOptimizer(name, { learningRate: 0.01 });
    const step = compiledStep(optimizer, loss);
    const next = (training: ReturnType<typeof step.init>) => {
      const { loss: value, ...moved } = step(training);
      return [value.item(), moved] as const;
    };
    const [, started] = next(step.init(params()));
    const path = join(folder, `${name}.safetensors`);
    await saveState(path, started);
    const loaded = await loadState(path, step.init(params()));
    expect(loaded.step).toBe(1);
    expect(loaded.learningRateScale).toBe(1);
    expect(plain([loaded.params, loaded.state])).toEqual(plain([started.params, started.state]));
    const [expected, a] = next(started);
    const [got, b] = next(loaded);
    expect(got).toBe(expected);
    expect(plain([b.params, b.state])).toEqual(plain([a.params, a.state]));
    disposeTree([a.params, a.state, b.params, b.state]);
    step.dispose();
  });
});

const small = () => ({
  params: { w: np.array([1, -0, 3]), mask: np.array([true, false]) },
  count: np.array(7, { dtype: np.int32 }),
  key: random.key(3),
  plateau: reduceOnPlateau().state,
  note: undefined,
  list: [np.zeros([0, 4]), 0.1],
});

test("bytes: all types, numbers exactly, and nothing leaks", async () => {
  await expectNoLeaks(async () => {
    const tree = small();
    const bytes = await encodeState(tree);
    const { plateau, list, ...rest } = decodeState(bytes, small());
    expect(plateau).toEqual({ scale: 1, best: Number.POSITIVE_INFINITY, bad: 0, waiting: 0 });
    expect(list[1]).toBe(0.1);
    expect(rest.params.mask.ref.js()).toEqual([true, false]);
    expect(Object.is((rest.params.w.ref.js() as number[])[1], -0)).toBe(true);
    expect(rest.key.ref.js()).toEqual(tree.key.ref.js());
    const arrays = ({ params, count, key, list: [first] }: ReturnType<typeof small>): Tree =>
      [params, count, key, first] as Tree;
    disposeTree(arrays({ plateau, list, ...rest }));
    disposeTree(arrays(tree));
  });
});

test("arrays may be consumed while they are saved", async () => {
  const tree = { a: np.ones([2]), b: np.ones([2]) };
  const saved = encodeState(tree);
  disposeTree(tree);
  const { a, b } = decodeState(await saved, { a: np.zeros([2]), b: np.zeros([2]) });
  expect([a.js(), b.js()]).toEqual([
    [1, 1],
    [1, 1],
  ]);
});

describe("what does not fit is named, and leaves `like` and the file as they were", () => {
  const path = join(folder, "run.safetensors");
  const saved = async (tree: object): Promise<void> => saveState(path, tree);
  const w = (shape: number[] = [2]) => np.zeros(shape);
  const cases: [name: string, saved: () => object, like: () => object, message: RegExp][] = [
    [
      "another name",
      () => ({ momentum: w() }),
      () => ({ momentun: w() }),
      /has no "momentun" \(did you mean "momentum"\?\)/,
    ],
    [
      "one too many",
      () => ({ a: w(), b: w() }),
      () => ({ a: w() }),
      /has "b", which this state does not have/,
    ],
    [
      "another shape",
      () => ({ a: w(), b: w([3, 2]) }),
      () => ({ a: w(), b: w([2, 3]) }),
      /"b" is \[3,2\] in the file and \[2,3\]/,
    ],
    [
      "another type",
      () => ({ a: np.zeros([2], { dtype: np.int32 }) }),
      () => ({ a: w() }),
      /"a" is I32 in the file and float32 in this/,
    ],
    [
      "a number for an array",
      () => ({ a: 3 }),
      () => ({ a: np.array(3) }),
      /"a" is F64 in the file and float32/,
    ],
  ];
  test.each(cases)("%s", async (_, tree, like, message) => {
    await saved(tree());
    const kept = like();
    const failure: unknown = await loadState(path, kept).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StateError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).toContain(path);
    disposeTree(kept as Tree); // throws where it was consumed
  });

  test("a state of other parameters, or another optimizer's", async () => {
    const start = (rows: number, name: OptimizerName) =>
      compiledStep(createOptimizer(name), loss).init(params(rows));
    await saved(start(6, "muon"));
    await expect(loadState(path, start(8, "muon"))).rejects.toThrow(
      /"params\.blocks\.0\.up" is \[6,4\] in the file and \[8,4\] in this state; create the same model and optimizer/,
    );
    await expect(loadState(path, start(6, "adamw"))).rejects.toThrow(/has no "state\.adamw\.1\.count"/);
  });

  test("weights, a newer format, damage, nothing", async () => {
    const tensor = { dtype: "float32", shape: [1], data: Float32Array.of(1) } as const;
    await writeSafetensors(path, { w: tensor });
    await expect(loadState(path, { w: w([1]) })).rejects.toThrow(
      /something else \(w, …\).*loadPretrained or importWeights/,
    );
    const newer = Buffer.concat(encodeSafetensors({ w: tensor }, { steepest_state: "2" }));
    expect(() => decodeState(newer, { w: w([1]) })).toThrow(
      /has format 2, and this version .* reads format 1; update/,
    );
    await saved({ w: w([1]) });
    writeFileSync(path, readFileSync(path).subarray(0, -1));
    await expect(loadState(path, { w: w([1]) })).rejects.toThrow(SafetensorsError);
    await expect(loadState(join(folder, "none.safetensors"), {})).rejects.toThrow(
      /there is no file or folder .*none/,
    );
  });

  test("what cannot be saved leaves the old file", async () => {
    await saved({ a: w() });
    const before = readFileSync(path);
    const wrong = [
      [{ a: "text" }, /"a" is string; a state is made of/],
      [{ a: { b: new Float32Array(2) } }, /"a\.b" is a Float32Array; .* wrap it by np\.array/],
      [{ a: null }, /"a" is null/],
      [{ "a.b": 1, a: { b: 2 } }, /two entries have the path "a\.b"/],
    ] as const;
    for (const [tree, message] of wrong) await expect(saved(tree)).rejects.toThrow(message);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder).filter((name) => name.includes("part"))).toEqual([]);
  });
});
