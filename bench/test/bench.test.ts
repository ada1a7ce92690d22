import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { skipWithoutPython } from "#test-support/pythonModule.ts";
import { cli, temporaryFolder } from "../../packages/lab/test/support/microRun.ts";
import { benchConfigs, benchModel, flopsOf } from "../src/engines/benchConfig.ts";
import { type BenchRow, benchRow } from "../src/engines/benchRow.ts";
import { benchTable } from "../src/engines/benchTable.ts";
import { EngineProcess } from "../src/engines/engineProcess.ts";
import { startJaxWorkload } from "../src/engines/jaxWorkload.ts";
import { measureEngines } from "../src/engines/measureEngines.ts";
import { startOnnxWorkload } from "../src/engines/onnxWorkload.ts";
import type { Prepared } from "../src/engines/protocol.ts";
import { expectSameResults } from "../src/engines/sameResults.ts";
import { NoPeerError, startEngineWith } from "../src/engines/startEngines.ts";
import { benchWorks } from "../src/engines/workload.ts";

/** A program that answers each line of its input with the next of these, the first one unasked. */
function fakeEngine(folder: string, answers: readonly string[]): [command: string, values: string[]] {
  const file = join(folder, `engine-${answers.length}.mjs`);
  const text = `const answers = ${JSON.stringify(answers)};
    const next = () => answers.length > 0 ? console.log(answers.shift()) : (console.error("out of words"), process.exit(3));
    next(); process.stdin.on("data", next);`;
  writeFileSync(file, text);
  return [process.execPath, [file]];
}

test("the three configurations are those that were asked for", () => {
  expect(benchConfigs).toMatchObject({
    small: { width: 128, depth: 4, context: 128, batch: 16 },
    medium: { width: 256, depth: 4, context: 256, batch: 8 },
    large: { width: 512, depth: 6, context: 256, batch: 8 },
  });
  expect(benchModel(benchConfigs.large).config).toMatchObject({
    vocabSize: 256,
    activation: "relu2",
    tiedHead: false,
    queryKeyNorm: true,
    normGain: false,
    rotaryBase: 10000,
  });
});

test("operations are counted by the formula", () => {
  const weights = 4 * 12 * 256 ** 2 + 256 * 256;
  expect(flopsOf(benchConfigs.medium)).toBe((6 * weights + 12 * 4 * 256 * 256) * 8 * 256);
});

describe.each(benchWorks)("%s", (work) => {
  test("ONNX Runtime and jax-js do the same, and leak nothing", async () => {
    const measure = async (start: typeof startJaxWorkload) => {
      let losses: number[] = [];
      let norm: number | undefined;
      const leaked = await leakedBuffers(async () => {
        const workload = await start(benchConfigs.tiny, work);
        losses = [await workload.run(), await workload.run(), await workload.run()];
        norm = workload.gradNorm?.();
        workload.dispose();
      });
      expect(leaked).toBe(0);
      return { losses, norm };
    };
    const { losses: onnx, norm } = await measure(startOnnxWorkload);
    const { losses: jax, norm: jaxNorm } = await measure(startJaxWorkload);
    for (const [i, loss] of onnx.entries()) expect(Math.abs(loss - (jax[i] ?? 0))).toBeLessThan(1e-5);
    expect(onnx[0]).toBeCloseTo(Math.log(256), 1);
    if (work === "train-step") expect(onnx[2]).toBeLessThan(onnx[0] ?? 0);
    else expect(norm).toBeCloseTo(jaxNorm ?? 0, 4);
  });
});

test("our engines and PyTorch are in one table of rows", async () => {
  skipWithoutPython("torch", "bench engine beside PyTorch");
  const { code, out, err } = await cli(
    ..."bench engine --config tiny --steps 1 --json --python /usr/bin/python3".split(" "),
  );
  expect(err.filter((line) => /error|failed/.test(line))).toEqual([]);
  expect(code).toBe(0);
  const { rows } = JSON.parse(out.at(-1) ?? "") as { rows: BenchRow[] };
  expect(rows.map(({ work, engine }) => `${work} ${engine}`)).toEqual(
    benchWorks.flatMap((work) => ["onnxruntime", "jax-wasm", "pytorch"].map((engine) => `${work} ${engine}`)),
  );
  for (const row of rows) {
    expect(row.config).toBe("D=32 L=1 T=16 B=2");
    expect(row.ms).toBeGreaterThan(0);
    expect(row.medianMs).toBeGreaterThanOrEqual(row.ms);
    expect(row.gflops).toBeCloseTo(flopsOf(benchConfigs.tiny) / row.ms / 1e6, 1);
  }
});

test("without torch the others are measured, and it says how to get it", async () => {
  const folder = temporaryFolder();
  const python = join(folder, "python");
  writeFileSync(python, "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'torch'\" >&2\nexit 1\n");
  chmodSync(python, 0o755);
  await expect(startEngineWith(python)("pytorch")).rejects.toThrow(
    `PyTorch is left out, ${python}: its process ended with exit code 1: ModuleNotFoundError: No module named 'torch'; ` +
      "to get it: npm run peers, or --python FILE",
  );
});

test("an engine that fails loses its row, and the others keep theirs", async () => {
  const folder = temporaryFolder();
  const hello = (engine: string) => JSON.stringify({ engine, version: "1", threads: [1] });
  const prepared = JSON.stringify({ losses: [5, 4], setupMs: 1 });
  const times = JSON.stringify({ ms: [3, 2] });
  const fakes = {
    onnxruntime: [hello("onnxruntime"), prepared, times, prepared, times],
    "jax-wasm": [hello("jax-wasm"), '{"error": "out of memory"}'],
    pytorch: [hello("pytorch"), prepared, times, prepared],
  };
  const { rows, notes, failures } = await measureEngines({
    configs: [benchConfigs.tiny],
    steps: 1,
    start: async (engine) => {
      if (engine in fakes)
        return EngineProcess.start(...fakeEngine(folder, fakes[engine as keyof typeof fakes]));
      throw new NoPeerError(`${engine} is left out`);
    },
    say: () => {},
  });
  expect(notes).toEqual(["pytorch-compile is left out", "pytorch-bf16 is left out", "jax-xla is left out"]);
  expect(rows.map(({ work, engine, ms }) => [work, engine, ms])).toEqual([
    ["value-and-grad", "onnxruntime", 2],
    ["value-and-grad", "pytorch", 2],
    ["train-step", "onnxruntime", 2],
  ]);
  expect(failures).toEqual([
    "D=32 L=1 T=16 B=2 value-and-grad on jax-wasm: out of memory",
    "D=32 L=1 T=16 B=2 train-step on pytorch: its process ended with exit code 3: out of words",
  ]);
});

test("an engine whose matrix products are far slower than another's is not comparable", async () => {
  const folder = temporaryFolder();
  const answers = (engine: string, matmulGflops: number): string[] => {
    const hello = { engine, version: "1", threads: [1], matmulGflops, kernels: "AVX2" };
    const both = [JSON.stringify({ losses: [5, 4], setupMs: 1 }), JSON.stringify({ ms: [3] })];
    return [JSON.stringify(hello), ...both, ...both];
  };
  const fakes: Partial<Record<string, string[]>> = {
    onnxruntime: answers("onnxruntime", 223),
    pytorch: answers("pytorch", 39),
  };
  const { notes, versions } = await measureEngines({
    configs: [benchConfigs.tiny],
    steps: 1,
    start: async (engine) => {
      const words = fakes[engine];
      if (words === undefined) throw new NoPeerError("left out");
      return EngineProcess.start(...fakeEngine(folder, [...words, ...(engine === "pytorch" ? ["{}"] : [])]));
    },
    say: () => {},
  });
  expect(versions).toEqual({ onnxruntime: "1 (AVX2)", pytorch: "1 (AVX2)" });
  expect(notes).toEqual([
    "left out",
    "pytorch is not comparable: it multiplies matrices at 39 GFLOP/s, onnxruntime at 223: its kernels are not those of this " +
      "processor, or the machine was busy",
  ]);
});

test("what this processor cannot do is left out without advice", async () => {
  const python = join(temporaryFolder(), "python");
  writeFileSync(python, "#!/bin/sh\necho 'this processor has no arithmetic in bfloat16' >&2\nexit 1\n");
  chmodSync(python, 0o755);
  await expect(startEngineWith(python)("pytorch-bf16")).rejects.toThrow(
    /^PyTorch in bfloat16 is left out: this processor has no arithmetic in bfloat16$/,
  );
});

test("engines that compute different things are not compared", () => {
  const prepared = (gradNorm: number): Prepared => ({ losses: [5, 4], gradNorm, setupMs: 1 });
  const check = (a: number, b: number) => () =>
    expectSameResults(
      "tiny",
      new Map([
        ["onnxruntime", prepared(a)],
        ["pytorch", prepared(b)],
      ]),
    );
  expect(check(2, 2.0001)).not.toThrow();
  const sentence =
    "tiny: the norm of the gradients is 2.001 on pytorch but 2 on onnxruntime: not the same computation";
  expect(check(2, 2.001)).toThrow(sentence);
  expect(check(2, Number.NaN)).toThrow("NaN");
});

const about = { config: "D=1", work: "train-step", engine: "pytorch", setupMs: 1 } as const;

test("a row is that of the fastest number of threads", () => {
  const times = new Map([
    [1, [9, 8, 10]],
    [2, [40, 7, 20, 10]],
  ]);
  expect(benchRow(about, times, 14e6)).toMatchObject({ threads: 2, ms: 7, medianMs: 15, runs: 4, gflops: 2 });
});

test("the table has both ratios", () => {
  const row = (engine: BenchRow["engine"], ms: number) =>
    benchRow({ ...about, engine }, new Map([[2, [ms]]]), 1e9);
  const lines = benchTable([row("onnxruntime", 10), row("jax-wasm", 65), row("pytorch", 15)], 120);
  expect(lines.slice(-3).map((line) => line.trim().split(/\s+/))).toEqual([
    ["D=1", "train-step", "onnxruntime", "2", "10.0", "10.0", "1", "100", "6.50×", "1.50×"],
    ["jax-wasm", "2", "65.0", "65.0", "1", "15", "1.00×", "0.23×"],
    ["pytorch", "2", "15.0", "15.0", "1", "67", "4.33×", "1.00×"],
  ]);
});

test.each([
  ["bench", "bench measures engine, matrix, optimizer: steepest bench engine"],
  [
    "bench engines --config tiny",
    'bench measures engine, matrix, optimizer: steepest bench engine, got "engines" (did you mean "engine"?)',
  ],
  [
    "bench engine --config smal",
    '--config must be of tiny, small, medium, large, got "smal" (did you mean "small"?)',
  ],
  ["bench engine --steps 0", '--steps must be a whole number ≥ 1, got "0"'],
])("steepest %s: exit code 2", async (line, message) => {
  const { code, err } = await cli(...line.split(" "));
  expect([code, err]).toEqual([2, [`error: ${message}`]]);
});
