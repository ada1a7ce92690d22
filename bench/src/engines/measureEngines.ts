import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { disposeTree, namedLeaves } from "steepest";

import { type BenchConfig, benchBatch, configLabel, flopsOf } from "./benchConfig.ts";
import { type BenchRow, benchRow } from "./benchRow.ts";
import type { EngineProcess } from "./engineProcess.ts";
import {
  type BenchEngine,
  benchEngines,
  isPeer,
  type Prepared,
  preparedSchema,
  timesSchema,
} from "./protocol.ts";
import { expectSameResults } from "./sameResults.ts";
import { NoPeerError, type StartEngineProcess } from "./startEngines.ts";
import { type BenchWork, benchStart, benchWorks } from "./workload.ts";

/** Timed runs of one engine before it is another's turn: as many as fit, one at least. */
const TURN_MS = 300;
/** Between turns, so that threads which spin for a while after a run have come to rest. */
const REST_MS = 50;
/** A library whose products are this much slower than the fastest of the run has kernels that are not made for the processor. */
const CRIPPLED = 0.5;

export interface MeasureOptions {
  readonly configs: readonly BenchConfig[];
  /** Turns of every engine, so at least this many timed runs. */
  readonly steps: number;
  readonly start: StartEngineProcess;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface Measured {
  readonly rows: readonly BenchRow[];
  /** Name and version of the engines that answered. */
  readonly versions: Readonly<Record<string, string>>;
  /** What was left out for a reason, or looks wrong with this machine. */
  readonly notes: readonly string[];
  /** What should have worked and did not. */
  readonly failures: readonly string[];
}

/** An engine that takes part in a configuration. */
interface Contestant {
  readonly engine: BenchEngine;
  readonly process: EngineProcess;
}

/**
 * Times every engine at every configuration: each in a process of its own, warm, taking turns, so that what else the
 * machine does hits all the same. All start from the same weights and tokens, and what they compute is compared
 * before it is timed. An engine that fails takes no further part at that configuration; the others keep their rows.
 */
export async function measureEngines(options: MeasureOptions): Promise<Measured> {
  const { configs, start, say, signal } = options;
  const rows: BenchRow[] = [];
  const versions: Record<string, string> = {};
  const notes = new Set<string>();
  const failures: string[] = [];
  const absent = new Set<BenchEngine>();
  const rates = new Map<BenchEngine, number>();
  const running = new Set<EngineProcess>();
  const folder = mkdtempSync(join(tmpdir(), "steepest-bench-"));
  const stop = (): void => {
    for (const process of running) process.end();
  };
  signal?.addEventListener("abort", stop, { once: true });
  const stopped = (): boolean => signal?.aborted === true;

  /** Drops an engine from what comes next at this configuration. */
  const drop = ({ engine, process }: Contestant, what: string, error: unknown): void => {
    process.end();
    running.delete(process);
    if (stopped()) return;
    failures.push(`${what} on ${engine}: ${error instanceof Error ? error.message : String(error)}`);
    say(`failed: ${failures.at(-1)}`);
  };

  const startAll = async (label: string): Promise<Contestant[]> => {
    const contestants: Contestant[] = [];
    for (const engine of benchEngines) {
      if (absent.has(engine) || stopped()) continue;
      try {
        const process = await start(engine);
        running.add(process);
        contestants.push({ engine, process });
        const { version, kernels, matmulGflops } = process.hello;
        versions[engine] = kernels === undefined ? version : `${version} (${kernels})`;
        if (matmulGflops !== undefined) rates.set(engine, Math.max(matmulGflops, rates.get(engine) ?? 0));
      } catch (error) {
        absent.add(engine);
        const message = error instanceof Error ? error.message : String(error);
        if (error instanceof NoPeerError) notes.add(message);
        else failures.push(`${label} on ${engine}: ${message}`);
        say(message);
      }
    }
    return contestants;
  };

  const measure = async (config: BenchConfig, work: BenchWork, contestants: Contestant[]): Promise<void> => {
    const what = `${configLabel(config)} ${work}`;
    const files = { params: join(folder, "params"), batch: join(folder, "batch") };
    const prepared = new Map<BenchEngine, Prepared>();
    const each = async (turn: (contestant: Contestant) => Promise<void>, offset = 0): Promise<void> => {
      const order = contestants.map((_, i) => contestants[(i + offset) % contestants.length]);
      for (const contestant of order) {
        if (contestant === undefined || stopped()) continue;
        try {
          await turn(contestant);
          await sleep(REST_MS);
        } catch (error) {
          drop(contestant, what, error);
          contestants.splice(contestants.indexOf(contestant), 1);
        }
      }
    };
    say(`${what}: preparing`);
    await each(async ({ engine, process }) => {
      const order = { do: "prepare", config, work, ...(isPeer(engine) && files) } as const;
      prepared.set(engine, await process.ask(order, preparedSchema));
    });
    if (stopped()) return;
    try {
      expectSameResults(what, prepared);
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      return;
    }
    const times = new Map(benchEngines.map((engine) => [engine, new Map<number, number[]>()]));
    for (let step = 0; step < options.steps; step++) {
      await each(async ({ engine, process }) => {
        for (const threads of process.hello.threads) {
          const { ms } = await process.ask({ do: "run", threads, ms: TURN_MS }, timesSchema);
          const known = times.get(engine);
          known?.set(threads, [...(known.get(threads) ?? []), ...ms]);
        }
      }, step);
      if (stopped()) return;
      say(`${what}: turn ${step + 1} of ${options.steps}`);
    }
    for (const { engine } of contestants) {
      const about = {
        config: configLabel(config),
        work,
        engine,
        setupMs: prepared.get(engine)?.setupMs ?? 0,
      };
      rows.push(benchRow(about, times.get(engine) ?? new Map(), flopsOf(config)));
    }
  };

  try {
    for (const config of configs) {
      const contestants = await startAll(configLabel(config));
      if (contestants.some(({ engine }) => isPeer(engine))) writeStart(folder, config);
      for (const work of benchWorks) if (!stopped()) await measure(config, work, contestants);
      stop();
      running.clear();
    }
  } finally {
    stop();
    signal?.removeEventListener("abort", stop);
    rmSync(folder, { recursive: true, force: true });
  }
  return { rows, versions, notes: [...notes, ...crippled(rates)], failures };
}

/** A sentence for each engine whose matrix products are far slower than another's: its times say little of it. */
function crippled(rates: ReadonlyMap<BenchEngine, number>): string[] {
  const [best] = [...rates].sort(([, a], [, b]) => b - a);
  if (best === undefined) return [];
  return [...rates]
    .filter(([, rate]) => rate < CRIPPLED * best[1])
    .map(
      ([engine, rate]) =>
        `${engine} is not comparable: it multiplies matrices at ${rate} GFLOP/s, ${best[0]} at ${best[1]}: its kernels are not ` +
        "those of this processor, or the machine was busy",
    );
}

/** The files that the peers begin with. */
function writeStart(folder: string, config: BenchConfig): void {
  const { params, state } = benchStart(config);
  disposeTree(state);
  const weights = namedLeaves(params).map(([, leaf]) => new Uint8Array(bytesOf(leaf.dataSync())));
  const { tokens, targets } = benchBatch(config);
  writeFileSync(join(folder, "params"), Buffer.concat(weights));
  writeFileSync(join(folder, "batch"), Buffer.concat([bytesOf(tokens), bytesOf(targets)]));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
