import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { digits } from "./digits.ts";
import { EnginePool } from "./enginePool.ts";
import { measureOptimizer } from "./measureOptimizer.ts";
import {
  type OptimizerEngine,
  type OptimizerMeasurements,
  type OptimizerRow,
  type OptimizerStudy,
  optimizerEngines,
  type ShareRow,
  torchOptimizers,
} from "./optimizerStudy.ts";
import { type Machine, machineSchema, shareSchema } from "./protocol.ts";
import { floatsOf } from "./targets.ts";

/** For the share of a whole step. */
const SHARE_MS = 6000;

/**
 * Times the update of every optimizer on every target, on ONNX Runtime and, for those it has, on PyTorch: same weights,
 * gradients and first update, in turns. An engine is a process of its own, which is ended and started anew where an
 * answer takes longer than the limit.
 */
export async function measureOptimizers(study: OptimizerStudy): Promise<OptimizerMeasurements> {
  const { targets, optimizers, say, signal } = study;
  const rows: OptimizerRow[] = [];
  const shares: ShareRow[] = [];
  const notes: string[] = [];
  const versions: Record<string, string> = {};
  const machine: Partial<Record<OptimizerEngine, Machine>> = {};
  const pool = new EnginePool(study);
  const folder = mkdtempSync(join(tmpdir(), "steepest-bench-"));
  const stopped = (): boolean => signal?.aborted === true;
  const note = (text: string): void => {
    if (stopped() || notes.includes(text)) return;
    notes.push(text);
    say(text);
  };
  const stop = (): void => pool.end();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const calibrate = async (): Promise<void> => {
      for (const engine of optimizerEngines) {
        const found = await pool.try(engine, { do: "machine" }, machineSchema, note);
        if (found === undefined) continue;
        versions[engine] = pool.version(engine);
        const before = machine[engine];
        machine[engine] = {
          gigabytesPerSecond: Math.max(before?.gigabytesPerSecond ?? 0, found.gigabytesPerSecond),
          gflops: Math.max(before?.gflops ?? 0, found.gflops),
        };
      }
    };
    for (const target of targets) {
      if (stopped()) break;
      say(`${target.label}: measuring the machine`);
      await calibrate();
      const files = { params: join(folder, "params"), gradients: join(folder, "gradients") };
      writeFileSync(files.params, noise(floatsOf(target), 0.04, 1));
      writeFileSync(files.gradients, noise(floatsOf(target), 0.02, 2));
      for (const [i, optimizer] of optimizers.entries()) {
        if (stopped()) break;
        say(`${target.label}: ${optimizer}, ${i + 1} of ${optimizers.length}`);
        const row = await measureOptimizer(pool, { target, optimizer, files, turns: study.turns, note });
        if (row !== undefined) rows.push(row);
      }
      if (target.config === undefined) continue;
      for (const optimizer of optimizers.filter((name) => torchOptimizers.includes(name))) {
        if (stopped()) break;
        say(`${target.label}: a whole step with ${optimizer}`);
        const order = { do: "share", config: target.config, optimizer, ms: SHARE_MS } as const;
        const found = await pool.try("onnxruntime", order, shareSchema, note);
        if (found === undefined) continue;
        const [stepMs, gradientsMs] = [Math.min(...found.step), Math.min(...found.gradients)];
        shares.push({
          target: target.label,
          optimizer,
          stepMs: digits(stepMs),
          gradientsMs: digits(gradientsMs),
        });
      }
    }
    await calibrate();
  } finally {
    signal?.removeEventListener("abort", stop);
    pool.end();
    rmSync(folder, { recursive: true, force: true });
  }
  return { rows: rows.map((row) => withBound(row, machine.onnxruntime)), shares, machine, versions, notes };
}

function withBound(row: OptimizerRow, machine: Machine | undefined): OptimizerRow {
  if (machine === undefined) return row;
  const memory = row.leastMegabytes / machine.gigabytesPerSecond;
  return { ...row, boundMs: digits(Math.max(memory, (1e3 * row.gflop) / machine.gflops)) };
}

/** Uniform in ±scale, the same numbers every time. */
function noise(length: number, scale: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  let state = seed * 2654435761;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' linear congruential generator
    values[i] = (state / 2 ** 31 - 1) * scale;
  }
  return values;
}
