import type { BenchEngine } from "./protocol.ts";
import type { BenchWork } from "./workload.ts";

/** How fast an engine did one thing. */
export interface BenchRow {
  /** `D=256 L=4 T=256 B=8`. */
  readonly config: string;
  readonly work: BenchWork;
  readonly engine: BenchEngine;
  /** Of those tried, the number that was fastest. */
  readonly threads: number;
  /** The shortest time of a run. */
  readonly ms: number;
  readonly medianMs: number;
  /** Timed runs with this number of threads. */
  readonly runs: number;
  /** Until the first result: tracing, compiling, the first run. */
  readonly setupMs: number;
  /** By the formula of `flopsOf` and the shortest time. */
  readonly gflops: number;
  /** The shortest run with each number of threads that was tried, the best first. */
  readonly byThreads: readonly { readonly threads: number; readonly ms: number }[];
}

/** The row of the number of threads that had the shortest run. */
export function benchRow(
  about: Pick<BenchRow, "config" | "work" | "engine" | "setupMs">,
  timesByThreads: ReadonlyMap<number, readonly number[]>,
  flops: number,
): BenchRow {
  const all = [...timesByThreads]
    .map(([threads, times]) => ({ threads, sorted: times.toSorted((a, b) => a - b) }))
    .sort((a, b) => (a.sorted[0] ?? 0) - (b.sorted[0] ?? 0));
  const [best] = all;
  if (best === undefined) throw new Error("internal: nothing was timed");
  const { threads, sorted } = best;
  const ms = sorted[0] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const medianMs = ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
  const { setupMs } = about;
  return {
    ...about,
    threads,
    ms: thousandths(ms),
    medianMs: thousandths(medianMs),
    runs: sorted.length,
    setupMs: thousandths(setupMs),
    gflops: thousandths(flops / ms / 1e6),
    byThreads: all.map((one) => ({ threads: one.threads, ms: thousandths(one.sorted[0] ?? Number.NaN) })),
  };
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
