import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

import { madeLine, writeMadeRun } from "#test-support/madeRuns.ts";
import { openSeriesStore } from "../src/serve/seriesStore.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

const SECONDS = 3600;
const STEPS_A_SECOND = 28;
/** What is loaded and compiled on the way, and what the collector leaves. */
const ASIDE = 2e6;

test("an hour of a live run, asked for every second, holds no more memory than reading it once, but for room to grow", async () => {
  const folder = mkdtempSync(join(tmpdir(), "steepest-hour-"));
  writeMadeRun(folder, { steps: SECONDS * STEPS_A_SECOND, made: 10 });
  const store = openSeriesStore();
  const run = { folder, flopsPerToken: 6 };
  const held = async (): Promise<number> => {
    let least = Number.POSITIVE_INFINITY;
    for (let since = 0; since < 5; since++) {
      collect();
      await new Promise((next) => setTimeout(next, 10)); // memory of array buffers is given back a moment later
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      if (heapUsed + arrayBuffers < least - 1e4) since = 0; // still falling
      least = Math.min(least, heapUsed + arrayBuffers);
    }
    return least;
  };
  const query = { metric: "loss", axis: "step", buckets: 200, log: false, smooth: 0.9 } as const;
  let step = 10;
  try {
    const before = await held();
    for (let second = 0; second < SECONDS; second++) {
      const lines = Array.from({ length: STEPS_A_SECOND }, () => madeLine(++step));
      appendFileSync(join(folder, "metrics.jsonl"), lines.join(""));
      const answer = await store.series([run], query);
      expect(answer.to).toBe(step);
    }
    const live = (await held()) - before;
    const fresh = openSeriesStore();
    expect(await fresh.series([run], query)).toEqual(await store.series([run], query));
    const once = (await held()) - before - live;
    expect(once).toBeGreaterThan(1e6);
    expect(live).toBeLessThan(2 * once + ASIDE); // columns grow by doubling
    expect(await fresh.series([run], query)).toEqual(await store.series([run], query)); // both are kept until here
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);
