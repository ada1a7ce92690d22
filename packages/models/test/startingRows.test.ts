import { defaultDevice, numpy as np, random } from "@jax-js/jax";
import { gpt } from "@steepest/models";
import { disposeTree } from "steepest";
import { describe, expect, test, vi } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { initializeParameters } from "../src/model/initializeParameters.ts";
import { gaussianRows, StartingRows } from "../src/model/startingRows.ts";

const shape = [2 ** 12 + 1, 2 ** 12 + 3];

describe("gaussianRows", () => {
  test("a parameter of ordinary size is one draw", () => {
    const drawn = gaussianRows(random.key(3), [5, 4], 0.5);
    expect(drawn).toBeInstanceOf(np.Array);
    const same = random.normal(random.key(3), [5, 4]).mul(0.5);
    expect((drawn as np.Array).js()).toEqual(same.js());
  });

  test("a large one comes in blocks, which are all of it, differ, and have the deviation", async () => {
    const leaked = await leakedBuffers(() => {
      const drawn = gaussianRows(random.key(3), shape, 0.5);
      if (!(drawn instanceof StartingRows)) throw new Error("not in blocks");
      const seen: number[] = [];
      const firsts = new Set<number>();
      let [entries, sum, squares] = [0, 0, 0];
      drawn.each((rows, from) => {
        seen.push(from);
        const data = rows.dataSync();
        firsts.add(data[0] ?? 0);
        entries += data.length;
        for (const value of data) {
          sum += value;
          squares += value * value;
        }
      });
      const size = (shape[0] ?? 0) * (shape[1] ?? 0);
      const height = Math.floor(2 ** 20 / (shape[1] ?? 1));
      expect(entries).toBe(size);
      expect(seen).toEqual(seen.map((_, i) => i * height * (shape[1] ?? 0)));
      expect(firsts.size).toBe(seen.length);
      expect(sum / size).toBeCloseTo(0, 3); // 17 million numbers: a standard error of 1.2e-4
      expect(Math.sqrt(squares / size)).toBeCloseTo(0.5, 3);
    });
    expect(leaked).toBe(0);
  });
});

describe("initializeParameters", () => {
  const parameter = { path: "table", shape: [7, 2], role: "embedding" } as const;
  const blocks = () =>
    new StartingRows([7, 2], function* () {
      for (const height of [3, 3, 1]) yield np.full([height, 2], height);
    });
  const byModel = (key: np.Array): StartingRows => {
    key.dispose();
    return blocks();
  };

  test("are read at once on WebAssembly only, whose memory does not shrink", () => {
    const reads = vi.spyOn(np.Array.prototype, "dataSync");
    const device = defaultDevice();
    try {
      const readsOn = (name: "wasm" | "cpu"): number => {
        defaultDevice(name);
        reads.mockClear();
        disposeTree(gpt({ vocabSize: 7, context: 6, width: 8, depth: 1, heads: 2 }).init(random.key(0)));
        return reads.mock.calls.length;
      };
      expect(readsOn("wasm")).toBeGreaterThan(0);
      expect(readsOn("cpu")).toBe(0);
    } finally {
      defaultDevice(device);
      reads.mockRestore();
    }
  });

  test("puts blocks together where nobody takes them", async () => {
    const leaked = await leakedBuffers(() => {
      const values = initializeParameters(random.key(0), [parameter], byModel);
      expect(values.get("table")?.js()).toEqual([3, 3, 3, 3, 3, 3, 1].map((x) => [x, x]));
    });
    expect(leaked).toBe(0);
  });

  test("hands them over with their places, and zeros stand for them", async () => {
    const leaked = await leakedBuffers(() => {
      const seen: [number, unknown][] = [];
      const values = initializeParameters(random.key(0), [parameter], byModel, {
        takeRows: ({ path }, rows, from) => seen.push([from, [path, rows.shape, rows.mean().item()]]),
      });
      expect(seen).toEqual([
        [0, ["table", [3, 2], 3]],
        [6, ["table", [3, 2], 3]],
        [12, ["table", [1, 2], 1]],
      ]);
      expect(values.get("table")?.js()).toEqual(Array.from({ length: 7 }, () => [0, 0]));
    });
    expect(leaked).toBe(0);
  });
});
