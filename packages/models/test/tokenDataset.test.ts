import {
  characterTokenizer,
  prefetch,
  type TokenSource,
  textDataset,
  tokenDataset,
  tokenRange,
  tokensInMemory,
} from "@steepest/models";
import { loadData, readTokenizer, textTokens } from "@steepest/models/node";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinTokens } from "../src/data/tokens/joinTokens.ts";
import { counting, shardFile, testFolder } from "./dataFiles.ts";

const folder = testFolder();

describe("tokenDataset", () => {
  test("from disk or from memory, now or later: the same batches", async () => {
    const data = await loadData(await folder.write("same.bin", shardFile(counting(5000))));
    if (data.kind !== "tokens") throw new Error(data.kind);
    const memory = tokensInMemory(Int32Array.from(counting(5000)));
    const sizes = { context: 16, batchSize: 4, seed: 3 };
    const onDisk = tokenDataset({ ...data, ...sizes });
    const inMemory = tokenDataset({
      ...sizes,
      train: tokenRange(memory, 0, 4500),
      validation: tokenRange(memory, 4500, 5000),
    });
    for (const step of [0, 1, 1000]) {
      expect(onDisk.trainBatch(step)).toEqual(inMemory.trainBatch(step));
      expect(await onDisk.trainBatchLater(step)).toEqual(inMemory.trainBatch(step));
      expect(await inMemory.trainBatchLater(step)).toEqual(inMemory.trainBatch(step));
    }
    expect(onDisk.validationBatches(3)).toEqual(inMemory.validationBatches(3));
    expect(inMemory.trainBatch(0).tokens[0]).toBeLessThan(4500);
  });

  test("a text by its tokens gives the batches of textDataset", async () => {
    const text = "Call me Ishmael. ".repeat(50);
    const tokenizer = characterTokenizer(text);
    const { train, validation } = await textTokens({ text, sha256: "" }, tokenizer);
    const sizes = { context: 8, batchSize: 2, seed: 1 };
    const tokens = tokenDataset({ train, validation, ...sizes });
    const texts = textDataset({ text, tokenizer, ...sizes });
    expect(tokens.trainBatch(5)).toEqual(texts.trainBatch(5));
    expect(tokens.validationBatches(2)).toEqual(texts.validationBatches(2));
  });

  test("mistakes", () => {
    const source = tokensInMemory(Int32Array.from(counting(20)));
    const make = (change: object) =>
      tokenDataset({ train: source, validation: source, context: 4, batchSize: 1, ...change });
    expect(() => make({ context: 20, source: "x.bin" })).toThrow(
      /^x.bin has 40 tokens, 20 of them for training, but a context of 20 needs at least 21/,
    );
    expect(() => make({ seed: 0.5 })).toThrow(RangeError);
    expect(() => make({}).trainBatch(-1)).toThrow(/step must be 0, 1, 2/);
  });
});

describe("joinTokens", () => {
  test("any range of any sources is the range of their tokens", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(99), { maxLength: 6 }), { maxLength: 5 }),
        fc.nat(30),
        fc.nat(30),
        async (lists, a, b) => {
          const all = lists.flat();
          const [start, end] = [Math.min(a, b, all.length), Math.min(Math.max(a, b), all.length)];
          const joined = joinTokens(lists.map((list) => tokensInMemory(Int32Array.from(list))));
          expect(joined.length).toBe(all.length);
          expect([...joined.read(start, end)]).toEqual(all.slice(start, end));
          expect([...((await joined.readLater?.(start, end)) ?? all.slice(start, end))]).toEqual(
            all.slice(start, end),
          );
          expect(() => joined.read(0, all.length + 1)).toThrow(RangeError);
        },
      ),
    );
  });
});

describe("textTokens", () => {
  test("those of a long text are kept on disk, and used only while they are whole", async () => {
    const { readdir, readFile, writeFile } = await import("node:fs/promises");
    const text = "The whale swam on and on. ".repeat(40_000);
    let encoded = 0;
    const gpt2 = await readTokenizer("gpt2", () => []);
    const tokenizer = {
      ...gpt2,
      encode(part: string) {
        encoded++;
        return gpt2.encode(part);
      },
    };
    const make = () => textTokens({ text, sha256: "of this text" }, tokenizer);
    const first = await make();
    expect(encoded).toBe(1);
    const again = await make();
    expect(encoded).toBe(1);
    const all = ({ train, validation }: { train: TokenSource; validation: TokenSource }): number[] => [
      ...train.read(0, train.length),
      ...validation.read(0, validation.length),
    ];
    expect(all(again)).toEqual(all(first));
    expect(all(first)).toEqual([...gpt2.encode(text)]);

    const names = await readdir(folder.path("cache/tokens"));
    expect(names).toHaveLength(1); // and nothing half-written
    const path = folder.path(`cache/tokens/${names[0]}`);
    const good = await readFile(path);
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, -2),
      (bytes: Buffer) => bytes.subarray(0, 10),
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.of(0, 0)]),
      (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 5000 ? byte ^ 4 : byte))),
      (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 3 ? byte ^ 4 : byte))),
    ]) {
      await writeFile(path, damage(good));
      const before = encoded;
      expect(all(await make())).toEqual(all(first));
      expect(encoded).toBe(before + 1);
      expect((await readFile(path)).equals(good)).toBe(true);
    }
    await textTokens({ text, sha256: "of another" }, tokenizer);
    expect(await readdir(folder.path("cache/tokens"))).toHaveLength(2);
  });

  test("where nothing can be written, it works without", async () => {
    const { vi } = await import("vitest");
    vi.stubEnv("STEEPEST_CACHE", await folder.write("file", "not a folder"));
    const text = "The whale swam on and on. ".repeat(40_000);
    const gpt2 = await readTokenizer("gpt2", () => []);
    const { train, validation } = await textTokens({ text, sha256: "x" }, gpt2);
    expect(train.length + validation.length).toBe(gpt2.encode(text).length);
  });
});

describe("prefetch", () => {
  /** A loader whose calls are noted and answered by hand. */
  function slowly() {
    const started: number[] = [];
    const finish = new Map<number, (batch: string) => void>();
    const load = (step: number): Promise<string> => {
      started.push(step);
      return new Promise((resolve) => finish.set(step, resolve));
    };
    return { started, finish: (step: number) => finish.get(step)?.(`batch ${step}`), load };
  }
  const idle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

  test("asking for a step starts the next ones, each once", async () => {
    const { started, finish, load } = slowly();
    const batch = prefetch(load, 2);
    const zero = batch(0);
    expect(started).toEqual([0]); // the others wait for the event loop
    await idle();
    expect(started).toEqual([0, 1, 2]);
    finish(1);
    finish(0);
    expect(await zero).toBe("batch 0");
    expect(await batch(1)).toBe("batch 1");
    await idle();
    expect(started).toEqual([0, 1, 2, 3]);
    const two = batch(2);
    finish(2);
    expect(await two).toBe("batch 2");
    expect(batch(2)).toBe(batch(2)); // kept while it is the current one
  });

  test("a jump loads what it needs", async () => {
    const batch = prefetch((step) => `batch ${step}`, 1);
    expect(await batch(0)).toBe("batch 0");
    expect(await batch(10)).toBe("batch 10");
    expect(await batch(3)).toBe("batch 3");
    expect(await prefetch((step) => step, 0)(4)).toBe(4);
    expect(() => prefetch((step) => step, -1)).toThrow(/ahead must be 0, 1, 2/);
  });

  test("what fails ahead of time fails when it is asked for", async () => {
    const batch = prefetch((step) => {
      if (step === 1) throw new Error("no batch 1");
      return step;
    });
    expect(await batch(0)).toBe(0);
    await idle(); // step 1 has failed; an unhandled rejection would end the test run
    await expect(batch(1)).rejects.toThrow("no batch 1");
    expect(await batch(2)).toBe(2);
  });

  test("a reader from disk gives the same batches", async () => {
    const data = await loadData(await folder.write("ahead.bin", shardFile(counting(900))));
    if (data.kind !== "tokens") throw new Error(data.kind);
    const batches = tokenDataset({ ...data, context: 4, batchSize: 3 });
    const batch = prefetch(batches.trainBatchLater, 3);
    for (const step of counting(6)) expect(await batch(step)).toEqual(batches.trainBatch(step));
  });
});
