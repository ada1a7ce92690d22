import { setTimeout as sleep } from "node:timers/promises";

import { digits } from "./digits.ts";
import type { EnginePool } from "./enginePool.ts";
import {
  type OptimizerEngine,
  type OptimizerRow,
  optimizerEngines,
  torchOptimizers,
} from "./optimizerStudy.ts";
import { type PreparedOptimizer, preparedSchema, runSchema } from "./protocol.ts";
import { floatsOf, type OptimizerTarget } from "./targets.ts";

/** Updates in one turn: as many as fit, each computation of a period once at least. */
const TURN_MS = 150;
/** Between turns, so that threads which spin for a while after a run have come to rest. */
const REST_MS = 50;
/** First updates may differ by rounding: sums over millions of entries, and Newton-Schulz amplifies. */
const SAME = 1e-3;

interface Task {
  readonly target: OptimizerTarget;
  readonly optimizer: string;
  readonly files: { readonly params: string; readonly gradients: string };
  readonly turns: number;
  readonly note: (text: string) => void;
}

/**
 * The times of one optimizer on one target, on the engines that have it; undefined, after a note, where ours has not. Its
 * bound is 0 until the machine is measured to the end.
 */
export async function measureOptimizer(pool: EnginePool, task: Task): Promise<OptimizerRow | undefined> {
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

const same = (a: number | null, b: number | null): boolean =>
  a !== null && b !== null && Math.abs(a - b) <= SAME * Math.max(a, b);

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const weighted = (times: readonly number[], weights: readonly number[]): number =>
  times.reduce((sum, ms, i) => sum + ms * (weights[i] ?? 0), 0);
