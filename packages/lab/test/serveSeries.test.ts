import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { madeLine, writeMadeRun } from "#test-support/madeRuns.ts";
import { bucketed } from "../src/serve/bucketed.ts";
import { followMetrics } from "../src/serve/followMetrics.ts";
import { openSeriesStore } from "../src/serve/seriesStore.ts";

const all = { from: 0, to: 1e6, buckets: 50, log: false, smooth: 0 };

describe("bucketed", () => {
  test("keeps the lowest and the highest value of every place, wherever they are", () => {
    const numbers = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(numbers, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 60 }),
        (ys, buckets) => {
          const xs = ys.map((_, i) => i);
          const range = { ...all, to: ys.length - 1, buckets };
          const curve = bucketed(xs, ys, range);
          expect(curve.x.length).toBeLessThanOrEqual(buckets);
          expect(Math.min(...curve.min)).toBe(Math.min(...ys));
          expect(Math.max(...curve.max)).toBe(Math.max(...ys));
          expect(curve.x).toEqual([...curve.x].sort((a, b) => a - b));
        },
      ),
      { numRuns: 100 },
    );
  });

  test("a spike of one step in 100 000 is seen", () => {
    const xs = Float64Array.from({ length: 100_000 }, (_, i) => i);
    const ys = new Float32Array(100_000).fill(2);
    ys[61_234] = 9;
    const curve = bucketed(xs, ys, { ...all, to: 99_999 });
    expect(curve.max.filter((value) => value === 9)).toHaveLength(1);
    expect(curve.max.indexOf(9)).toBe(Math.floor((61_234 / 99_999) * 50));
  });

  test("smoothing is an exponential mean whose start is corrected, from the first value on whatever is shown", () => {
    const ys = [4, 2, 3, 1];
    const xs = [0, 1, 2, 3];
    let ema = 0;
    const expected = ys.map((y, i) => {
      ema = 0.9 * ema + 0.1 * y;
      return ema / (1 - 0.9 ** (i + 1));
    });
    const whole = bucketed(xs, ys, { ...all, to: 3, smooth: 0.9 });
    for (const [i, value] of whole.mean.entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 12);
    const zoomed = bucketed(xs, ys, { ...all, from: 2, to: 3, smooth: 0.9 });
    expect(zoomed.mean[0]).toBeCloseTo(expected[2] ?? 0, 12);
  });

  test("what is no number has no place, nor has 0 on a log scale", () => {
    const curve = bucketed([0, 1, 10, 100], [5, Number.NaN, 2, 3], {
      from: 1,
      to: 100,
      buckets: 10,
      log: true,
      smooth: 0,
    });
    expect(curve.x).toEqual([10, 100]);
    expect(bucketed([0, 1], [1, 2], { ...all, from: 0, to: 1, log: true }).x).toEqual([]);
    expect(bucketed([3], [1], { ...all, from: 3, to: 3 })).toEqual({ x: [3], min: [1], max: [1], mean: [1] });
  });
});

describe("metrics of a run that goes on", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "steepest-serve-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (): string => join(folder, "metrics.jsonl");

  test("what comes is added; damaged lines and half ones are left out", async () => {
    const metrics = followMetrics(folder);
    await metrics.update();
    expect(metrics.columns.length).toBe(0); // no file yet
    writeFileSync(
      file(),
      `${madeLine(0)}${madeLine(1)}{"step": 2, "los\n[1]\n"text"\n{"step":-1}\nnull\n${madeLine(3)}{"step":4`,
    );
    await metrics.update();
    expect([...metrics.columns.steps]).toEqual([0, 1, 3]);
    appendFileSync(file(), `,"seconds":1,"loss":2.5}\n`);
    await metrics.update();
    expect([...metrics.columns.steps]).toEqual([0, 1, 3, 4]);
    expect(metrics.columns.column("loss")?.at(-1)).toBe(2.5);
    expect(metrics.columns.column("loss")?.at(0)).toBeNaN();
  });

  test("a file that a resume cut, and that grew past the place again, is read anew", async () => {
    const lines = Array.from({ length: 50 }, (_, step) => madeLine(step));
    writeFileSync(file(), lines.join(""));
    const metrics = followMetrics(folder);
    await metrics.update();
    truncateSync(file(), lines.slice(0, 20).join("").length);
    const again = Array.from({ length: 60 }, (_, i) => madeLine(20 + i, { seed: 7 }));
    appendFileSync(file(), again.join(""));
    await metrics.update();
    expect(metrics.columns.length).toBe(80);
    expect(metrics.columns.column("loss")?.[30]).toBeCloseTo(JSON.parse(again[10] ?? "").loss, 6);
  });

  test("a line longer than any of metrics is dropped, not kept in memory", async () => {
    writeFileSync(file(), `${madeLine(0)}{"step":1,"x":"${"a".repeat(3 << 20)}"}\n${madeLine(2)}`);
    const metrics = followMetrics(folder);
    await metrics.update();
    expect([...metrics.columns.steps]).toEqual([0, 2]);
  });

  test("the same answer comes from memory that was given back and from memory that is kept", async () => {
    const folders = ["a", "b", "c"].map((name) => join(folder, name));
    for (const [seed, one] of folders.entries()) writeMadeRun(one, { seed, steps: 300 });
    const runs = folders.map((one) => ({ folder: one, flopsPerToken: 6 }));
    const query = { metric: "loss", axis: "flops", buckets: 40, log: true, smooth: 0.9 } as const;
    const roomy = await openSeriesStore().series(runs, query);
    expect(await openSeriesStore(1).series(runs, query)).toEqual(roomy);
    expect(roomy.curves.map(({ x }) => x.length > 20)).toEqual([true, true, true]);
    expect(roomy.from).toBe(6 * 2048);
    const none = await openSeriesStore().series(runs, { ...query, metric: "valAccuracy" });
    expect(none).toMatchObject({ from: 0, to: 0, curves: [{ x: [] }, { x: [] }, { x: [] }] });
  });
});
