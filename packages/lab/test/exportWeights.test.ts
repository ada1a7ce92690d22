import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { numpy as np, random } from "@jax-js/jax";
import {
  createModel,
  decodeSafetensors,
  gpt2,
  huggingFaceConfig,
  importWeights,
  type LanguageModel,
} from "@steepest/models";
import { loadPretrained, openSafetensors, readTokenizer, savePretrained } from "@steepest/models/node";
import { disposeTree, type Tree } from "steepest";
import { beforeEach, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { toHost } from "../src/engine/arrays.ts";
import { startingTrees } from "../src/engine/startingTrees.ts";
import { exportRun } from "../src/export/exportRun.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microPlan, temporaryFolder } from "./support/microRun.ts";
import { tinyImages } from "./support/tinyImages.ts";

let folder: string;
let out: string;
let exported: string;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "run");
  exported = join(folder, "exported");
});

const sizes = { width: 16, depth: 1, heads: 2 };
const json = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(exported, name), "utf8"));
const meta = (): unknown => json("meta.json").weights;
const trained = () => readCheckpoint(join(out, "checkpoints", "step-2")).snapshot;

/** Logits of a few tokens. */
async function logits(model: LanguageModel, params: Tree): Promise<number[]> {
  const ids = Int32Array.from({ length: 8 }, (_, i) => (i * 5) % model.vocabSize);
  const tokens = np.array(ids, { shape: [1, 8], dtype: np.int32 });
  return [...(await model.apply(params, tokens).data())];
}

describe("a run of a family that Hugging Face's library has", () => {
  test.each([
    { model: "gpt2-124m", modelOptions: sizes, family: "gpt2" },
    { model: "llama-60m", modelOptions: { ...sizes, hiddenWidth: 24, rotaryBase: 500 }, family: "llama" },
    {
      model: "qwen3-0.6b",
      modelOptions: { ...sizes, hiddenWidth: 24, kvHeads: 1, headDim: 8 },
      family: "qwen3",
    },
  ])(
    "$family: the folder loads as the model that was trained, and a run goes on from it",
    async ({ family, ...changes }) => {
      const plan = microPlan(folder, { ...changes, steps: 2 });
      const { valLoss } = await trainRun(plan, { out });
      const { code } = await cli("export", out, "--only", "weights", "--out", exported);
      expect(code).toBe(0);
      expect(readdirSync(exported).sort()).toEqual(
        ["README.txt", "characters.json", "config.json", "meta.json", "model.safetensors"].sort(),
      );
      expect(meta()).toEqual({
        file: "model.safetensors",
        config: "config.json",
        naming: "Hugging Face",
        tokenizer: "characters.json",
      });
      const { model: own, optimizer } = await prepareRun(plan);
      if (own.kind !== "language") return expect.unreachable("not a language model");
      expect(json("config.json")).toEqual({ ...huggingFaceConfig(own), model_type: family });
      const { params, state } = startingTrees({
        model: own,
        optimizer,
        seed: 0,
        snapshot: trained(),
        threads: 1,
      });
      disposeTree(state);
      const { model, params: loaded } = await loadPretrained(exported);
      expect(await logits(model, loaded)).toEqual(await logits(own, params));

      const again = microPlan(folder, { ...changes, steps: 2, weights: exported });
      const second = await trainRun(again, { out: join(folder, "second") });
      expect(second.curves.validation[0]?.loss).toBeCloseTo(valLoss, 6);
      expect(readFileSync(join(exported, "README.txt"), "utf8")).toContain(
        "AutoModelForCausalLM.from_pretrained",
      );
    },
  );

  test("a GPT-2 that was trained at a shorter context is one of that context", async () => {
    const weights = join(folder, "published");
    const characters = new Set(readFileSync(join(folder, "text.txt"), "utf8")).size;
    const long = gpt2({ ...sizes, vocabSize: characters, context: 16 });
    await savePretrained(weights, long, long.init(random.key(0)));
    await trainRun(
      microPlan(folder, { model: "gpt2-124m", modelOptions: sizes, weights, context: 8, steps: 2 }),
      { out },
    );
    exportRun(out, { only: "weights", out: exported });
    expect(json("config.json")).toMatchObject({ model_type: "gpt2", n_positions: 8, vocab_size: characters });
    const tensors = decodeSafetensors(readFileSync(join(exported, "model.safetensors")));
    expect(tensors["transformer.wpe.weight"]?.shape).toEqual([8, 16]);
    const { model, params } = await loadPretrained(exported);
    expect(model.context).toBe(8);
    disposeTree(params);
  });

  test("has its tokenizer.json with it, which the next run takes", async () => {
    const tokenizer = join(import.meta.dirname, "../../models/test/fixtures/bpe.tokenizer.json");
    const gpt = { model: "gpt2-124m", modelOptions: sizes, steps: 2 };
    const { valLoss } = await trainRun(microPlan(folder, { ...gpt, tokenizer }), { out });
    exportRun(out, { only: "weights", out: exported });
    expect(meta()).toMatchObject({ naming: "Hugging Face", tokenizer: "tokenizer.json" });
    expect(json("tokenizer.json")).toEqual(JSON.parse(readFileSync(tokenizer, "utf8")));
    const again = microPlan(folder, { ...gpt, weights: exported });
    expect(again.tokenizer).toBe(join(exported, "tokenizer.json"));
    const second = await trainRun(again, { out: join(folder, "second") });
    expect(second.curves.validation[0]?.loss).toBeCloseTo(valLoss, 6);
  });

  test("has its characters with it, which another text must have", async () => {
    const gpt = { model: "gpt2-124m", modelOptions: sizes, steps: 2 };
    await trainRun(microPlan(folder, gpt), { out });
    exportRun(out, { only: "weights", out: exported });
    const other = join(folder, "other.txt");
    writeFileSync(other, readFileSync(join(folder, "text.txt"), "utf8").replaceAll("w", "z"));
    await expect(prepareRun(microPlan(folder, { ...gpt, weights: exported, data: other }))).rejects.toThrow(
      /^character "z" .* is not among the \d+ of the vocabulary: take it out of the text/,
    );
  });
});

describe("a run of another family", () => {
  test("keeps its own names and settings, and says why", async () => {
    const { valLoss } = await trainRun(microPlan(folder, { steps: 2 }), { out });
    const { code, out: lines } = await cli("export", out, "--only", "weights", "--out", exported);
    expect(code).toBe(0);
    const why = 'Hugging Face\'s library has no model of the family "gpt"';
    expect(lines).toContain(`names and settings are steepest's own: ${why}`);
    expect(meta()).toEqual({ file: "model.safetensors", config: "config.json", naming: "steepest", why });
    expect(decodeSafetensors(readFileSync(join(exported, "model.safetensors")))).toEqual(trained().params);
    const second = await trainRun(microPlan(folder, { steps: 2, weights: exported }), {
      out: join(folder, "second"),
    });
    expect(second.curves.validation[0]?.loss).toBeCloseTo(valLoss, 6);
    const heads = microPlan(folder, { modelOptions: { ...sizes, heads: 4 }, weights: exported });
    await expect(prepareRun(heads)).rejects.toThrow(/exported\/config\.json says heads 2 \(here 4\)/);
  });

  test("is one model with one tokenizer in code: the run, its checkpoint, both exports", async () => {
    await trainRun(microPlan(folder, { steps: 2 }), { out });
    exportRun(out, { only: "weights", out: exported });
    const onnx = join(folder, "onnx");
    exportRun(out, { out: onnx });
    const text = readFileSync(join(folder, "text.txt"), "utf8").slice(0, 8);
    const found: { logits: number[]; ids: Int32Array; context: number }[] = [];
    const work = async () => {
      for (const each of [out, join(out, "checkpoints", "step-2"), exported, onnx]) {
        const { model, params } = await loadPretrained(each);
        const ids = (await readTokenizer(each)).encode(text);
        found.push({ logits: await logits(model, params), ids, context: model.context });
      }
    };
    expect(await leakedBuffers(work)).toBe(0);
    const [first] = found;
    expect(first?.logits.some((x) => x !== 0)).toBe(true);
    for (const each of found) expect(each).toEqual(first);
    expect(readFileSync(join(onnx, "README.txt"), "utf8")).toContain('loadPretrained(".")');

    const { model, params } = await loadPretrained(onnx, { context: 4 });
    disposeTree(params);
    expect(model.context).toBe(4);
    await expect(loadPretrained(out, { context: 1000 })).rejects.toThrow(/a context of 1000 is longer/);
    const { code, out: lines } = await cli("generate", onnx, "--prompt", text, "--tokens", "3");
    expect([code, lines.join("\n")]).toEqual([0, expect.stringContaining(text)]);

    rmSync(join(out, "checkpoints", "step-2"), { recursive: true });
    await expect(loadPretrained(out)).rejects.toThrow(/has no checkpoint yet/);
  });

  test("scaled activations are not Hugging Face's either", async () => {
    const modelOptions = { ...sizes, activationScale: true };
    const plan = { model: "gpt2-124m", modelOptions, steps: 2 };
    await trainRun(microPlan(folder, plan), { out });
    exportRun(out, { only: "weights", out: exported });
    expect(meta()).toMatchObject({ naming: "steepest", why: expect.stringMatching(/activationScale/) });
    const again = microPlan(folder, { ...plan, modelOptions: sizes, weights: exported });
    expect((await prepareRun(again)).model.config.activationScale).toBe(true);
  });

  test("an image model has the statistics of batch norm beside it", async () => {
    const plan = resolvePlan({
      model: "cnn",
      modelOptions: { widths: [8, 10] },
      optimizer: "adamw",
      optimizerOptions: { learningRate: 0.01 },
      data: tinyImages(folder),
      batch: 10,
      steps: 2,
    });
    await trainRun(plan, { out });
    exportRun(out, { only: "weights", out: exported });
    expect(meta()).toMatchObject({ naming: "steepest", statistics: "statistics.safetensors" });
    expect(json("config.json").images).toMatchObject({ mean: [expect.any(Number)] });
    const statistics = decodeSafetensors(readFileSync(join(exported, "statistics.safetensors")));
    expect(statistics).toEqual(trained().statistics);
    const { model, optimizer } = await prepareRun({ ...plan, weights: exported });
    const { params, state } = startingTrees({ model, optimizer, seed: 9, threads: 1 });
    disposeTree(state);
    expect(await toHost(params)).toEqual(trained().params);
    disposeTree(params);

    await expect(loadPretrained(exported)).rejects.toThrow(/the model "cnn".*createModel.*importWeights/);
    const described = json("config.json").model as { family: string; config: Record<string, unknown> };
    const same = createModel(described.family, described.config);
    const source = await openSafetensors(exported);
    const loaded = await importWeights<Tree>(same, source);
    await source.close();
    expect(await toHost(loaded)).toEqual(trained().params);
    disposeTree(loaded);
  });
});

test("an unknown part lists the parts", async () => {
  const { code, err } = await cli("export", out, "--only", "weight");
  const parts = "model, train-step, weights";
  expect([code, err.at(-1)]).toEqual([
    2,
    `error: --only must be one of ${parts}, got "weight" (did you mean "weights"?)`,
  ]);
});
