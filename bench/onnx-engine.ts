/**
 * Times value-and-grad and a full AdamW training step of a GPT on ONNX Runtime, jax-js (wasm) and, where a
 * python3 with torch is found, PyTorch (bench/pytorch-gpt.py: the same model and shapes). One after the other,
 * each warm, best of the repetitions; ONNX Runtime and PyTorch take the better of one and two threads.
 *
 * usage: npx tsx bench/onnx-engine.ts [--seconds 6] [--engines onnxruntime,jax-wasm,pytorch] [--configs 1,2,3]
 * The last line of stdout is one JSON object: { rows: [{ config, work, engine, ms, gflops }] }.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Array as JaxArray, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { compile, spec, TrainStep } from "../packages/onnx/src/index.ts";
import { cnnBatch, cnnInit, cnnLoss } from "../packages/onnx/test/models/cnn.ts";
import {
  type GptParams,
  type GptShape,
  gptBatch,
  gptInit,
  gptLoss,
} from "../packages/onnx/test/models/gpt.ts";

interface Config {
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  readonly context: number;
  readonly batch: number;
}

interface Row {
  readonly config: string;
  readonly work: "value-and-grad" | "train-step";
  readonly engine: "onnxruntime" | "jax-wasm" | "pytorch";
  readonly threads?: number;
  readonly ms: number;
  readonly gflops: number;
}

const CONFIGS: readonly Config[] = [
  { name: "D=128 L=4 T=128 B=16", width: 128, depth: 4, context: 128, batch: 16 },
  { name: "D=256 L=4 T=256 B=8", width: 256, depth: 4, context: 256, batch: 8 },
  { name: "D=512 L=6 T=256 B=8", width: 512, depth: 6, context: 256, batch: 8 },
];
const VOCAB = 256;

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    engines: { type: "string", default: "onnxruntime,jax-wasm,pytorch,cnn" },
    configs: { type: "string", default: "1,2,3" },
  },
});
const seconds = Number(options.seconds);
const engines = options.engines.split(",");
const configs = options.configs.split(",").flatMap((n) => CONFIGS[Number(n) - 1] ?? []);

const shapeOf = ({ width, depth, context }: Config): GptShape => ({
  vocab: VOCAB,
  context,
  width,
  depth,
  heads: width / 64,
  style: "rotary",
});

/** 6 per weight of a matrix product and token, 12 · depth · context · width for attention. */
function gflop({ width, depth, context, batch }: Config): number {
  const weights = depth * 12 * width * width + VOCAB * width;
  return ((6 * weights + 12 * depth * context * width) * batch * context) / 1e9;
}

async function best(work: () => Promise<unknown>, least = 3): Promise<number> {
  await work();
  await work();
  let [shortest, spent, runs] = [Number.POSITIVE_INFINITY, 0, 0];
  while (spent < seconds * 1000 || runs < least) {
    const started = performance.now();
    await work();
    const took = performance.now() - started;
    shortest = Math.min(shortest, took);
    spent += took;
    runs++;
  }
  return shortest;
}

type State = { params: GptParams; m: GptParams; v: GptParams; count: JaxArray };
type Batch = { tokens: JaxArray; targets: JaxArray; learningRate: JaxArray };

/** AdamW with bias correction and decay 0.1, β 0.9 and 0.999, as torch.optim.AdamW. */
const adamw =
  (shape: GptShape) =>
  (state: State, { tokens, targets, learningRate }: Batch): [State, { loss: JaxArray }] => {
    const lossOf = (p: GptParams, x: JaxArray, y: JaxArray): JaxArray => gptLoss(shape, p, x, y);
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(state.params), tokens, targets);
    const count = state.count.add(1);
    const correction = (beta: number): JaxArray =>
      np.reciprocal(np.array(1).sub(np.exp(count.ref.mul(Math.log(beta)))));
    const m = tree.map(
      (a: JaxArray, g: JaxArray) => a.mul(0.9).add(g.mul(0.1)),
      state.m,
      tree.ref(gradients),
    ) as GptParams;
    const v = tree.map(
      (a: JaxArray, g: JaxArray) => a.mul(0.999).add(np.square(g).mul(0.001)),
      state.v,
      gradients,
    ) as GptParams;
    const [c1, c2] = [correction(0.9).mul(learningRate.ref), correction(0.999)];
    const decay = np.array(1).sub(learningRate.mul(0.1));
    const update = (p: JaxArray, a: JaxArray, b: JaxArray): JaxArray =>
      p.mul(decay.ref).sub(a.mul(c1.ref).div(np.sqrt(b.mul(c2.ref)).add(1e-8)));
    const params = tree.map(update, state.params, tree.ref(m), tree.ref(v)) as GptParams;
    tree.dispose([c1, c2, decay]);
    return [{ params, m, v, count }, { loss }];
  };

const startState = (shape: GptShape): State => {
  const params = gptInit(shape);
  const zeros = (): GptParams => tree.map((p: JaxArray) => np.zeros(p.shape), params as never) as GptParams;
  return { params: tree.ref(params), m: zeros(), v: zeros(), count: np.array(0) };
};

/** The better of one and two threads. */
async function fewestMs(
  measure: (threads: number) => Promise<number>,
): Promise<{ ms: number; threads: number }> {
  const tried = [];
  for (const threads of [1, 2]) tried.push({ threads, ms: await measure(threads) });
  return tried.reduce((a, b) => (b.ms < a.ms ? b : a));
}

async function onnxRows(config: Config): Promise<Row[]> {
  const shape = shapeOf(config);
  const { batch, context } = config;
  const tokens = Int32Array.from({ length: batch * context }, (_, i) => ((i * 7919) >>> 3) % VOCAB);
  const feed = { tokens, targets: tokens, learningRate: 1e-3 };
  const batchSpec = {
    tokens: spec([batch, context], "int32"),
    targets: spec([batch, context], "int32"),
    learningRate: 1e-3,
  };
  const lossOf = (p: GptParams, x: JaxArray, y: JaxArray): JaxArray => gptLoss(shape, p, x, y);
  // The gradients are outputs and the parameters stay: what PyTorch's autograd.grad does.
  const gradient = (p: GptParams, { tokens: x, targets: y, learningRate }: Batch) => {
    learningRate.dispose();
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(p), x, y);
    return [p, { loss, gradients }] as [GptParams, { loss: JaxArray; gradients: GptParams }];
  };
  const time = (create: (threads: number) => { run(f: typeof feed): Promise<unknown>; dispose(): void }) =>
    fewestMs(async (threads) => {
      const step = create(threads);
      const ms = await best(() => step.run(feed));
      step.dispose();
      return ms;
    });
  const started = performance.now();
  TrainStep.create(adamw(shape), { state: startState(shape), batch: batchSpec }).dispose();
  console.error(
    `${config.name}: trace, lower and create the train step ${(performance.now() - started).toFixed(0)} ms`,
  );
  const grad = await time((threads) =>
    TrainStep.create(gradient, { state: gptInit(shape), batch: batchSpec, threads }),
  );
  const step = await time((threads) =>
    TrainStep.create(adamw(shape), { state: startState(shape), batch: batchSpec, threads }),
  );
  return [row(config, "value-and-grad", "onnxruntime", grad), row(config, "train-step", "onnxruntime", step)];
}

async function jaxRows(config: Config): Promise<Row[]> {
  const shape = shapeOf(config);
  const params = gptInit(shape);
  const [x, y] = gptBatch(shape, config.batch);
  const gradient = jit(valueAndGrad((p: GptParams, a: JaxArray, b: JaxArray) => gptLoss(shape, p, a, b)));
  const settle = async (leaves: readonly JaxArray[]): Promise<void> => {
    for (const leaf of leaves) await leaf.blockUntilReady();
  };
  const grad = await best(async () => {
    const out = gradient(tree.ref(params) as never, x.ref, y.ref);
    await settle(tree.leaves(out as never));
    tree.dispose(out as never);
  }, 1);
  const step = jit(adamw(shape));
  let state = startState(shape);
  const whole = await best(async () => {
    const [next, out] = step(
      state as never,
      { tokens: x.ref, targets: y.ref, learningRate: np.array(1e-3) } as never,
    );
    await settle(tree.leaves(next as never));
    tree.dispose(out as never);
    state = next as State;
  }, 1);
  return [
    row(config, "value-and-grad", "jax-wasm", { ms: grad }),
    row(config, "train-step", "jax-wasm", { ms: whole }),
  ];
}

function torchRows(): Row[] {
  const script = fileURLToPath(new URL("pytorch-gpt.py", import.meta.url));
  const values = ["--configs", configs.map(({ name }) => name).join(";"), "--seconds", String(seconds)];
  for (const python of ["/usr/bin/python3", "python3"]) {
    const { status, stdout } = spawnSync(python, [script, ...values], { encoding: "utf8" });
    if (status === 0) return (JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { rows: Row[] }).rows;
  }
  console.error(
    "no python3 with torch: apt-get install --no-install-recommends python3-torch libopenblas0-pthread",
  );
  return [];
}

/** 28x28, batch 64, convolutions 32-64-64 with pooling and batch-norm. */
async function cnnReport(): Promise<void> {
  const params = cnnInit();
  const [x, y] = cnnBatch(64);
  const gradient = valueAndGrad(cnnLoss);
  const { ms, threads } = await fewestMs(async (count) => {
    const compiled = compile(gradient as (...v: never[]) => unknown, { threads: count });
    const run = async (): Promise<void> => {
      const out = await compiled(tree.ref(params) as never, x.ref as never, y.ref as never);
      tree.dispose(out as never);
    };
    const took = await best(run);
    compiled.dispose();
    return took;
  });
  const jitted = jit(gradient);
  const slow = await best(async () => {
    const out = jitted(tree.ref(params) as never, x.ref, y.ref);
    for (const leaf of tree.leaves(out as never) as JaxArray[]) await leaf.blockUntilReady();
    tree.dispose(out as never);
  }, 1);
  console.error(
    `cnn value-and-grad: onnxruntime ${ms.toFixed(1)} ms (${threads} threads), jax-wasm ${slow.toFixed(0)} ms: ${(slow / ms).toFixed(0)}x`,
  );
}

function row(
  config: Config,
  work: Row["work"],
  engine: Row["engine"],
  timed: { ms: number; threads?: number },
): Row {
  const { ms, threads } = timed;
  const rate = { ms: Math.round(ms * 100) / 100, gflops: Math.round((gflop(config) / ms) * 10_000) / 10 };
  const found = { config: config.name, work, engine, ...(threads !== undefined && { threads }), ...rate };
  console.error(
    `${config.name}  ${work.padEnd(14)} ${engine.padEnd(12)} ${found.ms} ms  ${found.gflops} GFLOP/s`,
  );
  return found;
}

const rows: Row[] = [];
for (const config of configs) {
  if (engines.includes("onnxruntime")) rows.push(...(await onnxRows(config)));
  if (engines.includes("jax-wasm")) rows.push(...(await jaxRows(config)));
}
if (engines.includes("pytorch")) {
  for (const found of torchRows()) {
    rows.push(found);
    console.error(
      `${found.config}  ${found.work.padEnd(14)} pytorch      ${found.ms} ms  ${found.gflops} GFLOP/s`,
    );
  }
}
if (engines.includes("cnn")) await cnnReport();
console.log(JSON.stringify({ rows }));
