/**
 * What a step costs besides its kernels: `npx tsx bench/overhead.ts [--steps 400]`. Trains the default job and a model of
 * almost no work, with metrics and checkpoints as ever, and prints milliseconds a step once all is compiled:
 *
 *   whole      from one step to the next, validations and checkpoints aside
 *   engine     of that, in loss, gradients and update, and in handing them over
 *   awake      of the whole, this process's own thread not waiting: JavaScript, and the loops that it runs itself
 *   besides    whole less engine: batches, metrics.jsonl, progress, what lets signals in
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { type PlanInput, resolvePlan } from "@steepest/lab/plan";
import { trainRun } from "@steepest/lab/run";
import { mobyDick } from "@steepest/models/node";
import { scriptFlags } from "#test-support/scriptFlags.ts";

const { steps } = scriptFlags("npx tsx bench/overhead.ts [--steps 400]", { steps: 400 });
/** Steps that compile, or run before the processor's caches are warm. */
const WARM = Math.floor(steps / 4);
const folder = mkdtempSync(join(tmpdir(), "steepest-overhead-"));
const text = join(folder, "text.txt");
writeFileSync(text, mobyDick().slice(0, 100_000));

const shared = { steps, sampleTokens: 0, evalEvery: steps, evalBatches: 1, checkpointEvery: steps };
const jobs: Readonly<Record<string, PlanInput>> = {
  "default job, muon": { optimizer: "muon", ...shared },
  "default job, adamw": { optimizer: "adamw", ...shared },
  "GPT of width 16, depth 1, 16 tokens": {
    optimizer: "adamw",
    modelOptions: { width: 16, depth: 1, heads: 2 },
    data: text,
    context: 8,
    batch: 2,
    ...shared,
  },
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

console.log("| | whole, ms | engine, ms | awake, ms | besides, ms | engine / whole |");
console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
try {
  for (const [i, [name, input]] of Object.entries(jobs).entries()) {
    const wholes: number[] = [];
    const engines: number[] = [];
    const awake: number[] = [];
    let [before, loop]: [number, EventLoopUtilization] = [0, performance.eventLoopUtilization()];
    await trainRun(resolvePlan(input), {
      out: join(folder, `run${i}`),
      observer: {
        onStep({ step, ms = 0 }) {
          const now = performance.now();
          const { active } = performance.eventLoopUtilization(loop);
          if (step > WARM && step < steps) {
            wholes.push(now - before);
            engines.push(ms);
            awake.push(active);
          }
          [before, loop] = [now, performance.eventLoopUtilization()];
        },
      },
    });
    const [whole, engine] = [median(wholes), median(engines)];
    const cells = [whole, engine, median(awake), whole - engine].map((x) => x.toFixed(3));
    console.log(`| ${name} | ${cells.join(" | ")} | ${((100 * engine) / whole).toFixed(1)} % |`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
