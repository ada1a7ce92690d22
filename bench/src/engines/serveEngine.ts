import { createInterface } from "node:readline";
import { versionOf } from "@steepest/lab/run";
import { maxThreads, setThreads } from "steepest/node";

import { startJaxWorkload } from "./jaxWorkload.ts";
import { startOnnxWorkload } from "./onnxWorkload.ts";
import { productRate } from "./productRate.ts";
import type { BenchEngine, Hello, Order, PeerEngine, Prepared } from "./protocol.ts";
import type { StartWorkload, Workload } from "./workload.ts";

type OwnEngine = Exclude<BenchEngine, PeerEngine>;

const starts: Readonly<Record<OwnEngine, StartWorkload>> = {
  onnxruntime: startOnnxWorkload,
  "jax-wasm": startJaxWorkload,
};
const packages: Readonly<Record<OwnEngine, string>> = {
  onnxruntime: "onnxruntime-node",
  "jax-wasm": "@jax-js/jax",
};

export const isOwnEngine = (name: string): name is OwnEngine => Object.hasOwn(starts, name);

/**
 * The process of an engine: answers the orders on `input`, one JSON object a line, until it ends. `say` writes a
 * line. What goes wrong is an answer too.
 */
export async function serveEngine(
  engine: OwnEngine,
  input: NodeJS.ReadableStream,
  say: (line: string) => void,
): Promise<void> {
  const answer = (value: object): void => say(JSON.stringify(value));
  // jax-js has one thread in Node by itself; the others are what `steepest/node` adds.
  const threads = engine === "jax-wasm" ? [...new Set([1, maxThreads])] : [maxThreads];
  const rate = engine === "onnxruntime" ? { matmulGflops: await productRate() } : {};
  answer({ engine, version: versionOf(packages[engine]), threads, ...rate } satisfies Hello);
  let workload: Workload | undefined;
  for await (const line of createInterface({ input })) {
    try {
      const order = JSON.parse(line) as Order;
      if (order.do === "prepare") {
        workload?.dispose();
        workload = undefined;
        const started = performance.now();
        workload = await starts[engine](order.config, order.work);
        answer(await prepare(workload, started));
      } else if (workload === undefined) throw new Error("internal: nothing is prepared");
      else {
        if (engine === "jax-wasm") setThreads(order.threads);
        answer({ ms: await timeRuns(workload, order.ms) });
      }
    } catch (error) {
      answer({ error: error instanceof Error ? error.message : String(error) });
    }
  }
  workload?.dispose();
}

async function prepare(workload: Workload, started: number): Promise<Prepared> {
  const first = await workload.run();
  const setupMs = performance.now() - started;
  const second = await workload.run();
  const gradNorm = workload.gradNorm?.();
  return { losses: [first, second], setupMs, ...(gradNorm !== undefined && { gradNorm }) };
}

async function timeRuns(workload: Workload, atLeast: number): Promise<number[]> {
  const times: number[] = [];
  for (let spent = 0; times.length === 0 || spent < atLeast; ) {
    const started = performance.now();
    await workload.run();
    const ms = performance.now() - started;
    times.push(ms);
    spent += ms;
  }
  return times;
}
