import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { imageDataset } from "@steepest/models";
import { loadData } from "@steepest/models/node";
import { beforeEach, describe, expect, test } from "vitest";
import type { HostTensors } from "../src/engine/hostTensor.ts";
import type { TrainingEngine } from "../src/engine/trainingEngine.ts";
import { lockFolder } from "../src/files/folderLock.ts";
import { resolvePlan } from "../src/plan/resolvePlan.ts";
import type { RunPlan } from "../src/plan/runPlan.ts";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { readCheckpoint } from "../src/run/checkpoint/readCheckpoint.ts";
import { openMetricsLog } from "../src/run/metricsLog.ts";
import { runSteps } from "../src/run/runSteps.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { microPlan, temporaryFolder } from "./support/microRun.ts";
import { tinyImages } from "./support/tinyImages.ts";

/* Each setting of a run, left out of it by mistake, is missed here. */

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function distance(a: HostTensors, b: HostTensors): number {
  let sum = 0;
  for (const [name, { data }] of Object.entries(a)) {
    for (let i = 0; i < data.length; i++) sum += (Number(data[i]) - Number(b[name]?.data[i])) ** 2;
  }
  return Math.sqrt(sum);
}

test("--clip bounds what a step of sgd moves", async () => {
  const moved = async (name: string, clip?: number): Promise<number> => {
    const out = join(folder, name);
    const changes: Partial<RunPlan> = {
      optimizer: "sgd",
      optimizerOptions: { learningRate: 0.5, momentum: 0 },
      schedule: "constant",
      warmup: 0,
      steps: 3,
      checkpointEvery: 1,
      keepCheckpoints: 9,
      ...(clip !== undefined && { clip }),
    };
    await trainRun(microPlan(folder, changes), { out });
    const params = [1, 3].map(
      (step) => readCheckpoint(join(out, "checkpoints", `step-${step}`)).snapshot.params,
    );
    return distance(params[0] ?? {}, params[1] ?? {});
  };
  const free = await moved("free");
  const clipped = await moved("clipped", 1e-3);
  expect(free).toBeGreaterThan(0.05);
  expect(clipped).toBeLessThanOrEqual(2 * 0.5 * 1e-3 * 1.01); // two steps of at most rate · clip, in float32
  expect(clipped).toBeGreaterThan(0);
});

describe("on images", () => {
  let data: string;
  beforeEach(() => {
    data = tinyImages(folder);
  });
  const plan = (changes: Partial<RunPlan>): RunPlan =>
    resolvePlan({ model: "cnn", modelOptions: { widths: [8, 10] }, data, batch: 10, steps: 2, ...changes });

  test("--augment changes the batches it is trained on, and no others", async () => {
    const loaded = await loadData(data);
    if (loaded.kind !== "images") return expect.unreachable(loaded.kind);
    for (const [augment, options] of [
      [undefined, {}],
      ["flip", { flip: true }],
      ["alternate-flip,translate=2", { flip: "alternate", translate: 2 }],
    ] as const) {
      const { batches } = await prepareRun(plan({ seed: 3, ...(augment !== undefined && { augment }) }));
      const expected = imageDataset({ ...loaded, batchSize: 10, seed: 3, augment: options });
      for (const step of [0, 7]) {
        const { images, labels } = await batches.train(step);
        const { images: pixels, labels: classes } = expected.trainBatch(step);
        expect(images?.data).toEqual(pixels);
        expect(labels?.data).toEqual(classes);
      }
      const [first] = batches.validation();
      expect(first?.images?.data).toEqual([...expected.testBatches(500)][0]?.images);
    }
  });

  test("--test-time looks at the copies it names", async () => {
    const losses: number[] = [];
    for (const testTime of ["none", "flip", "flip-translate"] as const) {
      const { curves } = await trainRun(plan({ testTime, steps: 1 }), { out: join(folder, testTime) });
      losses.push(curves.validation[0]?.loss ?? Number.NaN);
    }
    const absent = await trainRun(plan({ steps: 1 }), { out: join(folder, "absent") });
    expect(absent.curves.validation[0]?.loss).toBe(losses[0]);
    expect(new Set(losses).size).toBe(3);
    for (const loss of losses) expect(loss).toBeLessThan(5); // an untrained net on three classes
  });

  test("the filters of a cnn whiten the normalised training images", async () => {
    const { model, images } = await prepareRun(plan({ augment: "flip,translate=2" }));
    const loaded = await loadData(data);
    if (loaded.kind !== "images" || images === undefined) return expect.unreachable("no images");
    const { whitening } = model.config as { whitening: number[] };
    const [mean = 0, deviation = 1] = [images.mean[0], images.deviation[0]];
    const { count, shape, pixels } = loaded.train;
    const [, height, width] = shape;
    const sums = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    let patches = 0;
    for (let image = 0; image < count; image++) {
      for (let y = 0; y + 2 <= height; y++) {
        for (let x = 0; x + 2 <= width; x++) {
          const patch = [0, 1, width, width + 1].map(
            (at) => ((pixels[(image * height + y) * width + x + at] ?? 0) / 255 - mean) / deviation,
          );
          const seen = [0, 1, 2, 3].map((f) =>
            patch.reduce((sum, p, i) => sum + p * (whitening[4 * f + i] ?? Number.NaN), 0),
          );
          for (const [i, row] of sums.entries()) {
            for (const j of row.keys()) row[j] = (row[j] ?? 0) + (seen[i] ?? 0) * (seen[j] ?? 0);
          }
          patches++;
        }
      }
    }
    for (const [i, row] of sums.entries()) {
      for (const [j, sum] of row.entries()) {
        // λ / (λ + 5e-4) on the diagonal, and the smallest λ of these images is about 0.06.
        expect(Math.abs(sum / patches - (i === j ? 1 : 0))).toBeLessThan(0.02);
      }
    }
    const trained = await prepareRun(plan({ modelOptions: { widths: [8, 10], whitening: false } }));
    expect(trained.model.config).not.toHaveProperty("whitening.0");
  });
});

test("the next batches are made while a step computes", async () => {
  const run = await prepareRun(microPlan(folder, { steps: 5, evalEvery: 100, checkpointEvery: 0 }));
  const events: string[] = [];
  const engine: TrainingEngine = {
    inForce: "no engine",
    name: "slow",
    parameters: 1,
    stateFloats: 0,
    async step(_, step) {
      events.push(`step ${step} begins`);
      await setTimeout(20);
      events.push(`step ${step} ends`);
      return { loss: 1, gradNorm: 1, ms: 1, compiled: false };
    },
    evaluate: async () => ({ loss: 1 }),
    statistics: async () => ({}),
    gradients: async () => ({ loss: 1, gradients: {} }),
    snapshot: async () => ({ params: {}, state: {} }),
    view: async () => ({ params: {}, state: {} }),
    params: async () => ({}),
    optimizerShare: async () => 0,
    dispose: () => undefined,
  };
  const runDir = join(folder, "run");
  mkdirSync(join(runDir, "checkpoints"), { recursive: true });
  const { log } = openMetricsLog(runDir, -1);
  const train = (step: number) => {
    events.push(`batch ${step}`);
    return run.batches.train(step);
  };
  const watched = { ...run, batches: { ...run.batches, train } };
  const lock = lockFolder(runDir, "run folder");
  await runSteps(
    {
      run: watched,
      runDir,
      lock,
      engine,
      log,
      watch: undefined,
      samples: undefined,
      earlier: [],
      fromStep: 0,
      seconds: 0,
    },
    {},
  );
  log.close();
  lock.release();
  for (let step = 0; step < 4; step++) {
    const made = events.indexOf(`batch ${step + 1}`);
    expect(made).toBeGreaterThan(-1);
    expect(made).toBeLessThan(events.indexOf(`step ${step} ends`));
  }
  expect(events.filter((event) => event === "batch 2")).toHaveLength(1); // each once
});
