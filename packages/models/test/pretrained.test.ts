import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ConfigError,
  decodeSafetensors,
  exportWeights,
  type HostTensors,
  SafetensorsError,
  tensorsSource,
} from "@steepest/models";
import { loadPretrained, openSafetensors, readTokenizer, savePretrained } from "@steepest/models/node";
import { disposeTree, refTree } from "steepest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { hasPythonModule, PYTHON, skipWithoutPython } from "#test-support/pythonModule.ts";
import { flat, ids, largest } from "./languageModelContract.ts";

const script = fileURLToPath(new URL("python/reference_checkpoints.py", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "steepest-pretrained-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const families = ["gpt2", "llama", "qwen3"] as const;

describe("checkpoints that Python wrote", () => {
  skipWithoutPython("numpy", "checkpoints that Python wrote");
  beforeAll(() => {
    if (!hasPythonModule("numpy")) return;
    const { status, stderr } = spawnSync(PYTHON, [script, folder], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  });
  const reference = (family: string): { tokens: number[][]; logits: number[][][] } =>
    JSON.parse(readFileSync(join(folder, family, "reference.json"), "utf8"));

  test.each(families)("%s: the logits are those of numpy", async (family) => {
    const { tokens, logits } = reference(family);
    const { model, params } = await loadPretrained(join(folder, family));
    expect(model.name).toBe(family);
    const found = flat(model.apply(params, ids(tokens)));
    const expected = logits.flat(2);
    expect(largest(expected)).toBeGreaterThan(3);
    // float32 against float64: three layers of sums of 96 products of size 1, a rounding of 6e-8 each.
    expect(largest(found.map((x, i) => x - (expected[i] ?? NaN)))).toBeLessThan(2e-5);
  });

  /** The tensors of the files that are parameters, under the names we write. */
  async function stored(family: string): Promise<HostTensors> {
    const source = await openSafetensors(join(folder, family));
    const tensors: HostTensors[] = [];
    for (const name of source.tensors.keys()) {
      if (/attn\.bias$/.test(name) && family === "gpt2" && !name.includes("c_attn")) continue;
      tensors.push({ [family === "gpt2" ? `transformer.${name}` : name]: await source.read(name) });
    }
    await source.close();
    return Object.assign({}, ...tensors) as HostTensors;
  }

  test.each(families)("%s: in and out again gives the same tensors, bit by bit", async (family) => {
    const { model, params } = await loadPretrained(join(folder, family));
    const out = await exportWeights(model, params);
    const expected = await stored(family);
    expect(Object.keys(out).sort()).toEqual(Object.keys(expected).sort());
    expect(out).toEqual(expected);
  });

  test.each(families)("%s: what is saved loads again, as the same model", async (family) => {
    const { model, params } = await loadPretrained(join(folder, family));
    const copy = join(folder, `${family}-copy`);
    await savePretrained(copy, model, refTree(params));
    const again = await loadPretrained(copy);
    expect(again.model.config).toEqual(model.config);
    const { tokens } = reference(family);
    expect(flat(again.model.apply(again.params, ids(tokens)))).toEqual(
      flat(model.apply(params, ids(tokens))),
    );
    expect(decodeSafetensors(readFileSync(join(copy, "model.safetensors")))).toEqual(await stored(family));
  });

  test.each(families)("%s: with a shorter context it says the same of the first tokens", async (family) => {
    const { model, params } = await loadPretrained(join(folder, family), { context: 4 });
    expect(model.context).toBe(4);
    const { tokens, logits } = reference(family);
    const found = flat(model.apply(refTree(params), ids(tokens.map((row) => row.slice(0, 4)))));
    const expected = logits.flatMap((row) => row.slice(0, 4)).flat();
    expect(largest(found.map((x, i) => x - (expected[i] ?? NaN)))).toBeLessThan(2e-5);
    // What is saved is a whole model of that context.
    const copy = join(folder, `${family}-short`);
    await savePretrained(copy, model, params);
    const again = await loadPretrained(copy);
    expect(again.model.config).toEqual(model.config);
    disposeTree(again.params);
  });

  test("nothing leaks", async () => {
    const work = async () => {
      const { model, params } = await loadPretrained(join(folder, "gpt2"));
      await exportWeights(model, params);
    };
    expect(await leakedBuffers(work)).toBe(0);
  });

  test("a broken download is refused by name", async () => {
    const shard = join(folder, "qwen3", "model-00002-of-00002.safetensors");
    const whole = readFileSync(shard);
    writeFileSync(shard, whole.subarray(0, whole.length - 1));
    await expect(loadPretrained(join(folder, "qwen3"))).rejects.toThrow(SafetensorsError);
    await expect(loadPretrained(join(folder, "qwen3"))).rejects.toThrow(
      /00002-of-00002\.safetensors: tensor/,
    );
    writeFileSync(shard, whole);
  });
});

test("a folder that is no model is refused", async () => {
  await expect(loadPretrained(join(folder, "nothing"))).rejects.toThrow(ConfigError);
  await expect(loadPretrained(join(folder, "nothing"))).rejects.toThrow(/there is no .*config\.json/);
  expect(await tensorsSource({}).close()).toBeUndefined();
  const config = join(folder, "config.json");
  writeFileSync(config, "[]");
  await expect(loadPretrained(folder)).rejects.toThrow(/config\.json is not a JSON object/);
  writeFileSync(config, JSON.stringify({ model: { family: "gtp", config: {} } }));
  await expect(loadPretrained(folder)).rejects.toThrow(/"gtp", which is no language model/);
  writeFileSync(config, JSON.stringify({ model: "tiny" }));
  await expect(loadPretrained(folder)).rejects.toThrow(/describes no model/);
  writeFileSync(config, JSON.stringify({ tokenizer: { name: "characters" } }));
  await expect(readTokenizer(folder)).rejects.toThrow(/config\.json holds no tokenizer/);
});
