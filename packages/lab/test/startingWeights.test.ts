import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "@jax-js/jax";
import { gpt2, type LanguageModel, llama, qwen3 } from "@steepest/models";
import { savePretrained } from "@steepest/models/node";
import { disposeTree } from "steepest";
import { beforeEach, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { toHost } from "../src/engine/arrays.ts";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import { startOutside } from "../src/engine/onnx/startOutside.ts";
import { startingTrees } from "../src/engine/startingTrees.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { readRunConfig } from "../src/run/runConfig.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microPlan, temporaryFolder } from "./support/microRun.ts";
import { tinyImages } from "./support/tinyImages.ts";

let folder: string;
let out: string;
/** Distinct characters of the text. */
let characters: number;
beforeEach(() => {
  folder = temporaryFolder();
  out = join(folder, "run");
  characters = new Set(readFileSync(join(folder, "text.txt"), "utf8")).size;
});

const sizes = { width: 16, depth: 1, heads: 2 };
const families = [
  { preset: "gpt2-124m", modelOptions: sizes },
  { preset: "llama-60m", modelOptions: { ...sizes, hiddenWidth: 24 } },
  { preset: "qwen3-0.6b", modelOptions: { ...sizes, hiddenWidth: 24, kvHeads: 1, headDim: 8 } },
  { preset: "nanogpt-124m", modelOptions: sizes },
];
const plan = (model: string, modelOptions: RunPlan["modelOptions"], changes: Partial<RunPlan> = {}) =>
  microPlan(folder, { model, modelOptions, steps: 2, ...changes });

/** A folder as it is downloaded. */
async function published(model: LanguageModel, changes: Record<string, unknown> = {}): Promise<string> {
  const path = join(folder, "published");
  await savePretrained(path, model, model.init(random.key(5)));
  const config = join(path, "config.json");
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, "utf8")), ...changes }));
  return path;
}

async function startOf(given: RunPlan): Promise<HostTensors> {
  const { model, optimizer } = await prepareRun(given);
  const { params, state } = startingTrees({ model, optimizer, seed: 9, threads: 1 });
  disposeTree(state);
  const tensors = await toHost(params);
  disposeTree(params);
  return tensors;
}

const reported = async (given: RunPlan): Promise<string[]> => {
  const lines: string[] = [];
  await prepareRun(given, { report: (line) => lines.push(line.replaceAll(folder, "DIR")) });
  return lines;
};
const refused = async (given: RunPlan | (() => RunPlan)): Promise<string> => {
  try {
    await prepareRun(typeof given === "function" ? given() : given);
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(folder, "DIR") : String(error);
  }
  return expect.unreachable("it was not refused");
};

describe("a run of ours", () => {
  test.each(families)(
    "on characters goes on from its own weights: $preset",
    async ({ preset, modelOptions }) => {
      const first = await trainRun(plan(preset, modelOptions), { out });
      const { snapshot } = readCheckpoint(join(out, "checkpoints", "step-2"));
      for (const weights of ["", "checkpoints/step-2", "checkpoints/step-2/params.safetensors"]) {
        const again = plan(preset, modelOptions, { weights: join(out, weights) });
        expect(await startOf(again)).toEqual(snapshot.params);
      }
      const second = await trainRun(plan(preset, modelOptions, { weights: out }), {
        out: join(folder, "second"),
      });
      expect(second.curves.validation[0]?.loss).toBeCloseTo(first.valLoss, 5);
    },
  );

  test("gives its settings, and refuses others", async () => {
    const options = { ...sizes, rotaryBase: 500, activationScale: true };
    await trainRun(plan("tiny", options), { out });
    const open = plan("tiny", sizes, { weights: out });
    expect(await reported(open)).toEqual([
      "DIR/run/config.json: activationScale true, rotaryBase 500",
      `tokenizer of the weights: DIR/run/checkpoints/step-2, ${characters} characters`,
    ]);
    expect((await prepareRun(open)).model.config).toMatchObject({ rotaryBase: 500, activationScale: true });
    expect(await refused(plan("tiny", { ...sizes, heads: 4 }, { weights: out }))).toBe(
      "the weights are those of another model than tiny: DIR/run/config.json says heads 2 (here 4); " +
        "to train the model of the weights add --heads 2",
    );
  });

  test("keeps its characters on a text with fewer, and names those it does not have", async () => {
    await trainRun(plan("tiny", sizes), { out });
    const text = readFileSync(join(folder, "text.txt"), "utf8");
    const data = join(folder, "other.txt");
    const other = plan("tiny", sizes, { weights: out, data });
    writeFileSync(data, text.replaceAll("w", "a"));
    const second = join(folder, "second");
    await trainRun(other, { out: second });
    const vocabulary = readFileSync(join(out, "config.json"), "utf8").match(/"characters": .*/)?.[0];
    expect(readFileSync(join(second, "config.json"), "utf8")).toContain(vocabulary);

    writeFileSync(data, text.replaceAll("w", "z").replace("a", "!"));
    expect(await refused(other)).toMatch(
      /^character "[z!]" \(U\+00..\) at position \d+ is not among the \d+ of the vocabulary, nor is "[z!]": take it out/,
    );
    expect(await refused({ ...other, tokenizer: "char" })).toMatch(
      /^DIR\/run\/checkpoints\/step-2 has a table of \d+ token ids and --tokenizer char makes \d+: .* leave --tokenizer out/,
    );
    writeFileSync(data, text.replaceAll("w", "z"));
    expect(await refused({ ...other, tokenizer: "char" })).toBe(
      'the characters of this text are not those of DIR/run/config.json: "z" is not among them; ' +
        "leave --tokenizer out, which takes those of the weights, or train from the start",
    );
  });

  test("goes on when the run whose characters it took is gone", async () => {
    await trainRun(plan("tiny", sizes), { out });
    const second = join(folder, "second");
    await trainRun(plan("tiny", sizes, { weights: out }), { out: second });
    rmSync(out, { recursive: true });
    const longer = await resumeRun(second, { steps: 4 });
    expect(longer.valLoss).toBeGreaterThan(0);
  });

  test("without a checkpoint has no weights yet", async () => {
    await trainRun(plan("tiny", sizes), { out });
    mkdirSync(join(folder, "fresh", "checkpoints"), { recursive: true });
    copyFileSync(join(out, "config.json"), join(folder, "fresh", "config.json"));
    expect(await refused(() => plan("tiny", sizes, { weights: join(folder, "fresh") }))).toMatch(
      /^DIR\/fresh has no checkpoint yet/,
    );
  });
});

describe("GPT-2", () => {
  test("is trained at any shorter context, and exported as a model of that context", async () => {
    const weights = await published(gpt2({ ...sizes, vocabSize: characters, context: 16 }));
    const short = plan("gpt2-124m", sizes, { weights, context: 8 });
    expect(await reported(short)).toEqual([
      "DIR/published: the first 8 of 16 positions, a model with that context",
    ]);
    const long = await startOf(plan("gpt2-124m", sizes, { weights, context: 16 }));
    const start = await startOf(short);
    expect(start.positions?.shape).toEqual([8, 16]);
    expect(start.positions?.data).toEqual(long.positions?.data.slice(0, 8 * 16));
    expect({ ...start, positions: undefined }).toEqual({ ...long, positions: undefined });
    await trainRun(short, { out });
    expect(readRunConfig(out).plan.context).toBe(8);
  });

  test("has as many positions as its table where nothing is said, and no more", async () => {
    const weights = await published(gpt2({ ...sizes, vocabSize: characters, context: 16 }));
    const { context: _, ...open } = plan("gpt2-124m", sizes, { weights });
    expect((await prepareRun(open)).plan.context).toBe(16);
    expect(await refused({ ...open, context: 32 })).toBe(
      "a context of 32 is longer than the 16 positions of DIR/published: give --context 16 or less",
    );
  });

  test("its published table gets its own tokenizer, and no other", async () => {
    const weights = await published(gpt2({ ...sizes, vocabSize: 50257, context: 8 }));
    const own = plan("gpt2-124m", sizes, { weights });
    expect(own.tokenizer).toBe("gpt2");
    expect(await reported(own)).toEqual(["tokenizer of the weights: gpt2"]);
    expect(await refused(plan("gpt2-124m", sizes, { weights, tokenizer: "char" }))).toBe(
      `DIR/published has a table of 50257 token ids and --tokenizer char makes ${characters}: its rows are the tokens of ` +
        "another tokenizer; give --tokenizer gpt2",
    );
    writeFileSync(join(weights, "tokenizer.json"), "{}");
    expect(plan("gpt2-124m", sizes, { weights }).tokenizer).toBe(join(weights, "tokenizer.json"));
  });
});

describe("a config.json of Hugging Face", () => {
  const small = { ...sizes, hiddenWidth: 24 };
  const model = () => llama({ ...small, vocabSize: characters, context: 8, rotaryBase: 500, normEps: 1e-4 });

  test("fills in what the plan leaves open, for a resume too", async () => {
    const weights = await published(model());
    const open = plan("llama-60m", small, { weights });
    expect(await reported(open)).toEqual(["DIR/published/config.json: normEps 0.0001, rotaryBase 500"]);
    await trainRun(open, { out });
    const { plan: kept } = readRunConfig(out);
    expect(kept.modelOptions).toMatchObject({ rotaryBase: 500, normEps: 1e-4, vocabSize: characters });
    const resumed = await prepareRun(kept, { fresh: false });
    expect(resumed.model.config).toMatchObject({ rotaryBase: 500, normEps: 1e-4, vocabSize: characters });
  });

  test("is believed over nothing the plan says", async () => {
    const weights = await published(model());
    expect(await refused(plan("llama-60m", { ...small, rotaryBase: 10000, heads: 4 }, { weights }))).toBe(
      "the weights are those of another model than llama-60m: DIR/published/config.json says " +
        "rotaryBase 500 (here 10000), heads 2 (here 4); to train the model of the weights add --rotary-base 500 --heads 2",
    );
    expect(await refused(plan("llama-60m", {}, { weights }))).toMatch(
      /width 16 \(here 512\), depth 1 \(here 8\), heads 2 \(here 8\)/,
    );
    expect(await refused(plan("qwen3-0.6b", {}, { weights }))).toBe(
      "DIR/published/config.json describes a llama, and qwen3-0.6b is a qwen3: give a model of that family " +
        "(--model llama-60m, llama-130m, llama-350m, llama-1.3b, llama-3b)",
    );
  });

  test("is damaged, or beside nothing", async () => {
    const weights = await published(model());
    writeFileSync(join(weights, "config.json"), "{");
    expect(await refused(plan("llama-60m", small, { weights }))).toBe(
      "DIR/published/config.json is not JSON: get the file again",
    );
    expect(await refused(plan("llama-60m", small, { weights: join(weights, "none.safetensors") }))).toBe(
      "there is no file or folder DIR/published/none.safetensors",
    );
  });

  test("with settings that are not here is refused by the command", async () => {
    const weights = await published(model(), { rope_scaling: { rope_type: "llama3", factor: 8 } });
    const flags = "--model llama-60m --width 16 --hidden-width 24 --depth 1 --heads 2 --context 8".split(" ");
    const data = join(folder, "text.txt");
    const { code, err } = await cli("train", ...flags, "--weights", weights, "--data", data, "--out", out);
    expect([code, err.at(-1)?.replaceAll(folder, "DIR")]).toEqual([
      2,
      "error: the model of DIR/published/config.json is not one of ours: " +
        'it has rope_scaling {"rope_type":"llama3","factor":8}; only the default is supported',
    ]);
    expect(existsSync(out)).toBe(false);
  });
});

describe("the numbers", () => {
  test("are read when a run starts, and not kept", async () => {
    const first = plan("tiny", sizes);
    await trainRun(first, { out });
    await trainRun({ ...first, seed: 1 }, { out: join(folder, "other") });
    const params = (run: string) => join(folder, run, "checkpoints", "step-2", "params.safetensors");
    const { model, optimizer } = await prepareRun(plan("tiny", sizes, { weights: params("run") }));
    copyFileSync(params("other"), params("run"));
    const { write, params: zeros, state } = startOutside({ model, optimizer, seed: 0, threads: 1 });
    const written = new Map<string, unknown>();
    write((half, path, data) => half === "params" && written.set(path, data));
    for (const [path, { data }] of Object.entries(
      readCheckpoint(join(folder, "other", "checkpoints", "step-2")).snapshot.params,
    )) {
      expect(written.get(path)).toEqual(data);
    }
    disposeTree(zeros);
    disposeTree(state);
  });

  test("of a large table pass jax-js a few rows at a time", async () => {
    const wide = { ...sizes, width: 24 };
    const weights = await published(gpt2({ ...wide, vocabSize: 50257, context: 8 }));
    const given = plan("gpt2-124m", wide, { weights });
    const { model, optimizer } = await prepareRun(given);
    const start = () => startOutside({ model, optimizer, seed: 0, threads: 1 });
    const { write, params, state } = start();
    const sizesOf = new Map<string, number[]>();
    const table = new Float32Array(50257 * 24);
    write((_, path, data, from) => {
      sizesOf.set(path, [...(sizesOf.get(path) ?? []), data.length]);
      if (path === "embedding") table.set(data as Float32Array, from);
    });
    disposeTree(params);
    disposeTree(state);
    expect(sizesOf.get("embedding")).toEqual([43690 * 24, (50257 - 43690) * 24]);
    expect(sizesOf.get("positions")).toEqual([8 * 24]);
    expect([...sizesOf.keys()].sort()).toEqual(model.parameters.map(({ path }) => path).sort());
    const { buffer, byteOffset, byteLength } = (await startOf(given)).embedding?.data ?? new Float32Array();
    // Compared number by number, a million of them take seconds.
    expect(Buffer.from(table.buffer).equals(Buffer.from(buffer, byteOffset, byteLength))).toBe(true);
    const work = () => {
      const again = start();
      again.write(() => {});
      disposeTree(again.params);
      disposeTree(again.state);
    };
    expect(await leakedBuffers(work)).toBe(0);
  });

  test("leave nothing behind", async () => {
    await trainRun(plan("tiny", sizes), { out });
    const again = plan("tiny", sizes, { weights: out });
    expect(await leakedBuffers(() => startOf(again))).toBe(0);
  });
});

test("token shards have ids of the table", async () => {
  const shard = (...ids: number[]): string => {
    const bytes = new Uint8Array(1024 + 2 * 400);
    const header = new DataView(bytes.buffer);
    for (const [i, value] of [20240520, 1, 400].entries()) header.setInt32(4 * i, value, true);
    for (let i = 0; i < 400; i++) header.setUint16(1024 + 2 * i, ids[i % ids.length] ?? 0, true);
    const path = join(folder, "shard.bin");
    writeFileSync(path, bytes);
    return path;
  };
  const small = { ...sizes, hiddenWidth: 24 };
  const weights = await published(llama({ ...small, vocabSize: 32, context: 8 }));
  const { model } = await prepareRun(plan("llama-60m", small, { weights, data: shard(1, 31) }));
  expect(model.config.vocabSize).toBe(32);
  expect(await refused(plan("llama-60m", small, { weights, data: shard(1, 32) }))).toMatch(
    /shard\.bin has token 32, but the vocabulary ends at 31/,
  );
});

describe("without a model, that of the weights", () => {
  const flags = ["--steps", "1", "--batch", "2", "--eval-batches", "1", "--sample-tokens", "0"];
  const trained = async (weights: string, ...more: string[]): Promise<string[]> => {
    const to = join(folder, `again${more.length}`);
    const { code, err } = await cli(
      ...["train", "--weights", weights, "--data", join(folder, "text.txt"), "--out", to],
      ...[...flags, ...more],
    );
    expect(err.at(-1), err.join("\n")).toMatch(code === 0 ? /^step 1\/1/ : /^error/);
    return err;
  };

  test("a run's, preset and settings", async () => {
    await trainRun(plan("nanogpt-124m", { ...sizes, normGain: true }), { out });
    const [first] = await trained(out);
    expect(first).toMatch(/^tokenizer of the weights: .*step-2, \d+ characters$/);
    const { plan: kept } = readRunConfig(join(folder, "again0"));
    expect(kept).toMatchObject({
      model: "nanogpt-124m",
      context: 8,
      modelOptions: { ...sizes, normGain: true },
    });
  });

  test("an image model's, too", async () => {
    const images = tinyImages(folder);
    const given = resolvePlan({
      model: "mlp",
      modelOptions: { widths: [5] },
      data: images,
      steps: 1,
      batch: 2,
    });
    await trainRun(given, { out });
    const again = resolvePlan({ weights: out, data: images, steps: 1, batch: 2 });
    expect(again).toMatchObject({ model: "mlp", modelOptions: { widths: [5] } });
    await prepareRun(again);
  });

  test("a published one's, under the nearest preset's name, and flags that contradict are refused", async () => {
    const weights = await published(
      qwen3({ ...sizes, kvHeads: 1, headDim: 8, hiddenWidth: 24, vocabSize: characters, context: 16 }),
    );
    const lines = await trained(weights);
    expect(lines.find((line) => line.startsWith("model"))).toMatch(
      /^model {6}qwen3-0\.6b, kvHeads 1, headDim 8, hiddenWidth 24, width 16, depth 1, heads 2, context 16, /,
    );
    expect((await trained(weights, "--width", "32")).at(-1)).toMatch(
      /config\.json says width 16 \(here 32\)/,
    );
    expect((await trained(weights, "--model", "tiny")).at(-1)).toMatch(
      /describes a qwen3, and tiny is a gpt/,
    );
    const { out: help } = await cli("train", "--weights", weights, "--help");
    expect(help.join("\n")).toContain("Settings of qwen3-0.6b (Qwen3 as published");
  });
});
