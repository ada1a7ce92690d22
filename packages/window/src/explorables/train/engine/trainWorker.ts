import { StateError } from "@steepest/models";
import { chooseEngine } from "./chooseEngine.ts";
import { createSampler, type Sampler } from "./createSampler.ts";
import { createTask } from "./createTask.ts";
import { createTrainer } from "./createTrainer.ts";
import { engineText } from "./engine.ts";
import { exportFile } from "./exportFile.ts";
import type { Order, Report } from "./messages.ts";
import type { Task } from "./task.ts";
import type { Trainer } from "./trainer.ts";

/** The worker of a side: orders are done one after the other, between steps. */
interface Work {
  readonly task: Task;
  readonly trainer: Trainer;
  readonly sampler: Sampler;
}

const say = (report: Report, transfer: Transferable[] = []): void => self.postMessage(report, { transfer });
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

let work: Work | undefined;
let until = 0;
let scale = 1;
let looping = false;
let last: Promise<void> = Promise.resolve();

/** Orders may come while a step is made: they wait for its end. */
function inTurn(job: () => Promise<void>): Promise<void> {
  last = last.then(job).catch((error: unknown) => {
    until = 0;
    say({ kind: "failed", message: messageOf(error) });
  });
  return last;
}

async function start({ settings, device, threads, saved }: Order & { kind: "start" }): Promise<void> {
  const engine = await chooseEngine(device, threads);
  const task = createTask(settings);
  let notRestored: string | undefined;
  const trainer = await restored(task, engine, saved, (why) => {
    notRestored = why;
  });
  work = { task, trainer, sampler: createSampler(task) };
  const { parameterCount: parameters } = task.model;
  const { perStep } = task;
  say({ kind: "ready", engine: trainer.engine, step: trainer.step, parameters, perStep, notRestored });
}

async function restored(
  task: Task,
  engine: Parameters<typeof createTrainer>[1],
  saved: Uint8Array | undefined,
  not: (why: string) => void,
): Promise<Trainer> {
  try {
    return createTrainer(task, engine, saved);
  } catch (error) {
    const damaged = error instanceof StateError || (error instanceof Error && /afetensors/.test(error.name));
    if (saved === undefined || !damaged) throw error;
    not(messageOf(error));
    return createTrainer(task, engine);
  }
}

async function oneStep(training: Work): Promise<void> {
  const { trainer } = training;
  if (trainer.step >= until) return;
  const before = engineText(trainer.engine);
  const started = performance.now();
  const loss = await trainer.train(scale);
  const milliseconds = performance.now() - started;
  if (engineText(trainer.engine) !== before) say({ kind: "engine", engine: trainer.engine });
  say({ kind: "step", step: trainer.step, loss, milliseconds });
  if (Number.isFinite(loss)) {
    if (trainer.step % training.sampler.every === 0) await writeSample(training);
    return;
  }
  until = 0;
  say({
    kind: "failed",
    message: `the loss of step ${trainer.step} is not a finite number: begin again, with a smaller learning rate`,
  });
}

async function writeSample({ sampler, trainer }: Work): Promise<void> {
  say({ kind: "sample", sample: await sampler.take(trainer) });
}

async function loop(): Promise<void> {
  if (looping || work === undefined) return;
  looping = true;
  const training = work;
  say({ kind: "running", running: true });
  while (training.trainer.step < until) {
    await inTurn(() => oneStep(training));
    await turn();
  }
  looping = false;
  say({ kind: "running", running: false });
}

/** Messages get their turn: what is awaited above may never leave this task. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** For tests: what jax-js holds here, counted from the first call on. */
Object.assign(self, { liveArrays: async () => (await import("steepest/testing")).liveArrays() });

self.onmessage = ({ data: order }: MessageEvent<Order>): void => {
  if (order.kind === "scale") scale = order.value;
  else if (order.kind === "pause") {
    const stop = async (): Promise<void> => {
      until = 0;
    };
    void stop(); // now, and after a run that waits for its turn
    void inTurn(stop);
  } else if (order.kind === "start") void inTurn(() => start(order));
  else if (order.kind === "run") {
    // After the start, which may not have ended.
    void inTurn(async () => {
      until = order.until;
    }).then(loop);
  } else void inTurn(() => asked(order));
};

/** A sample or a file. What is wrong with it is not the end of the training. */
async function asked(order: Order & { kind: "sample" | "file" }): Promise<void> {
  if (work === undefined) return;
  const { task, trainer } = work;
  const file = order.kind === "file" ? order.file : undefined;
  try {
    if (file === undefined) await writeSample(work);
    else {
      const bytes = await exportFile(task, trainer, file);
      say({ kind: "file", file, step: trainer.step, bytes }, [bytes.buffer]);
    }
  } catch (error) {
    say({ kind: "refused", file, message: messageOf(error) });
  }
}
