import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type * as v from "valibot";

import type { EngineProcess } from "../engines/engineProcess.ts";
import {
  type Machine,
  machineSchema,
  type OptimizerOrder,
  type PreparedOptimizer,
  preparedSchema,
  runSchema,
  shareSchema,
} from "./protocol.ts";
import { floatsOf, type OptimizerTarget } from "./targets.ts";

export const optimizerEngines = ["onnxruntime", "pytorch"] as const;
export type OptimizerEngine = (typeof optimizerEngines)[number];

/** Those that bench/peers/pytorch_optimizers.py has. */
export const torchOptimizers: readonly string[] = [
  "sgd",
  "adamw",
  "lion",
  "signum",
  "muon",
  "scion",
  "mano",
  "mano_v2",
];

/** How long an optimizer takes for one update. */
export interface OptimizerRow {
  readonly target: string;
  readonly optimizer: string;
  /** The shortest times of the computations of a period, weighted by how often they occur. */
  readonly ms: number;
  /** The slowest of these computations: a step that refreshes a basis, say. */
  readonly worstMs: number;
  readonly setupMs: number;
  /** 1e9, in matrix products and factorisations. */
  readonly gflop: number;
  /** What has to cross memory at least: weights, gradients and state read, weights and state written. */
  readonly leastMegabytes: number;
  /** What the graph's operators read and write. */
  readonly graphMegabytes: number;
  /** max(least bytes / bandwidth, FLOPs / peak) of this machine, in this run. */
  readonly boundMs: number;
  readonly stateFloats: number;
  /** PyTorch's time, where it has the optimizer. */
  readonly torchMs: number | null;
  /** Which of its forms that is: `eager`, `foreach`, `fused` or `compile`. */
  readonly torchForm?: string;
}

/** What a step of training costs with the optimizer, and without. */
export interface ShareRow {
  readonly target: string;
  readonly optimizer: string;
  readonly stepMs: number;
  readonly gradientsMs: number;
}

export interface OptimizerStudy {
  readonly targets: readonly OptimizerTarget[];
  readonly optimizers: readonly string[];
  /** Turns of both engines. */
  readonly turns: number;
  /** What one answer may take at most; an optimizer that takes longer is left out with a message. */
  readonly limitMs: number;
  readonly start: (engine: OptimizerEngine) => Promise<EngineProcess>;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface OptimizerMeasurements {
  readonly rows: readonly OptimizerRow[];
  readonly shares: readonly ShareRow[];
  readonly machine: Partial<Record<OptimizerEngine, Machine>>;
  readonly versions: Readonly<Record<string, string>>;
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

/** Updates in one turn: as many as fit, each computation of a period once at least. */
const TURN_MS = 150;
/** Between turns, so that threads which spin for a while after a run have come to rest. */
const REST_MS = 50;
/** For the share of a whole step. */
const SHARE_MS = 6000;
/** First updates may differ by rounding: sums over millions of entries, and Newton-Schulz amplifies. */
const SAME = 1e-3;

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
  const pool = new Pool(study);
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
        const row = await measureOne(pool, { target, optimizer, files, turns: study.turns, note });
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

interface Task {
  readonly target: OptimizerTarget;
  readonly optimizer: string;
  readonly files: { readonly params: string; readonly gradients: string };
  readonly turns: number;
  readonly note: (text: string) => void;
}

async function measureOne(pool: Pool, task: Task): Promise<OptimizerRow | undefined> {
  const { target, optimizer, files, turns } = task;
  const what = `${target.label}, ${optimizer}`;
  const note = (text: string): void => task.note(`${what}: ${text}`);
  const order = { do: "prepare", optimizer, leaves: target.leaves, ...files } as const;
  const prepared = new Map<OptimizerEngine, PreparedOptimizer>();
  for (const engine of optimizerEngines) {
    if (engine === "pytorch" && !torchOptimizers.includes(optimizer)) continue;
    const found = await pool.try(engine, order, preparedSchema, note);
    if (found !== undefined) prepared.set(engine, found);
    else if (engine === "onnxruntime") return undefined;
  }
  const [ours, theirs] = [prepared.get("onnxruntime"), prepared.get("pytorch")];
  if (ours === undefined) return undefined;
  if (theirs !== undefined && !same(ours.updateNorm, theirs.updateNorm)) {
    note(
      `the first update has norm ${ours.updateNorm} here and ${theirs.updateNorm} on pytorch: not the same computation`,
    );
    prepared.delete("pytorch");
  }
  const least = new Map<OptimizerEngine, number[]>();
  const forms = new Map<OptimizerEngine, string>();
  for (let turn = 0; turn < turns; turn++) {
    for (const engine of prepared.keys()) {
      const found = await pool.try(engine, { do: "run", ms: TURN_MS }, runSchema, note);
      await sleep(REST_MS);
      if (found === undefined) {
        prepared.delete(engine);
        continue;
      }
      const known = least.get(engine) ?? [];
      const now = found.ms.map((times) => Math.min(...times));
      if (found.form !== undefined && sum(now) < (known.length > 0 ? sum(known) : Number.POSITIVE_INFINITY))
        forms.set(engine, found.form);
      least.set(
        engine,
        now.map((ms, i) => Math.min(known[i] ?? Number.POSITIVE_INFINITY, ms)),
      );
    }
  }
  const mine = least.get("onnxruntime");
  if (mine === undefined) return undefined;
  const torch = least.get("pytorch");
  const { gflop, graphMegabytes, stateFloats, setupMs } = ours;
  const torchForm = forms.get("pytorch");
  return {
    target: target.label,
    optimizer,
    ms: digits(weighted(mine, ours.weights)),
    worstMs: digits(Math.max(...mine)),
    setupMs: digits(setupMs),
    gflop: digits(gflop),
    leastMegabytes: digits((4 * (3 * floatsOf(target) + 2 * stateFloats)) / 1e6),
    graphMegabytes: digits(graphMegabytes),
    boundMs: 0,
    stateFloats,
    torchMs: torch === undefined || theirs === undefined ? null : digits(weighted(torch, theirs.weights)),
    ...(torchForm !== undefined && torch !== undefined && { torchForm }),
  };
}

function withBound(row: OptimizerRow, machine: Machine | undefined): OptimizerRow {
  if (machine === undefined) return row;
  const memory = row.leastMegabytes / machine.gigabytesPerSecond;
  return { ...row, boundMs: digits(Math.max(memory, (1e3 * row.gflop) / machine.gflops)) };
}

const same = (a: number | null, b: number | null): boolean =>
  a !== null && b !== null && Math.abs(a - b) <= SAME * Math.max(a, b);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const weighted = (times: readonly number[], weights: readonly number[]): number =>
  times.reduce((sum, ms, i) => sum + ms * (weights[i] ?? 0), 0);

const digits = (value: number): number => Number(value.toPrecision(4));

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

/** The processes of the engines: started when first needed, ended where they do not answer in time. */
class Pool {
  readonly #study: Pick<OptimizerStudy, "start" | "limitMs" | "signal">;
  readonly #running = new Map<OptimizerEngine, EngineProcess>();
  readonly #absent = new Set<OptimizerEngine>();

  constructor(study: Pick<OptimizerStudy, "start" | "limitMs" | "signal">) {
    this.#study = study;
  }

  /** `2.15.0 (OpenBLAS SkylakeX)`. */
  version(engine: OptimizerEngine): string {
    const { version = "", kernels } = this.#running.get(engine)?.hello ?? {};
    return kernels === undefined ? version : `${version} (${kernels})`;
  }

  /** The answer; undefined, after a note, where there is none. */
  async try<S extends v.GenericSchema>(
    engine: OptimizerEngine,
    order: OptimizerOrder,
    schema: S,
    note: (text: string) => void,
  ): Promise<v.InferOutput<S> | undefined> {
    if (this.#absent.has(engine) || this.#study.signal?.aborted === true) return undefined;
    const { limitMs } = this.#study;
    let process = this.#running.get(engine);
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    try {
      if (process === undefined) {
        process = await this.#study.start(engine);
        this.#running.set(engine, process);
      }
      const child = process;
      timer = setTimeout(() => {
        late = true;
        child.end();
      }, limitMs);
      return await child.ask(order, schema);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (process === undefined) this.#absent.add(engine);
      const gone = late || /its process/.test(message);
      if (gone) this.#running.delete(engine);
      note(late ? `left out on ${engine}, took longer than ${limitMs / 1000} s` : `${engine}: ${message}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    for (const process of this.#running.values()) process.end();
    this.#running.clear();
  }
}
