/**
 * Times value-and-grad of a small CNN (28x28, batch 64, convolutions of 32, 64 and 64 channels, pooling,
 * batch-norm) on ONNX Runtime, jax-js (wasm) and, where a python3 with torch is found, PyTorch
 * (bench/peers/pytorch_cnn.py: the same model and shapes). ONNX Runtime and PyTorch take turns, so that a machine that
 * slows down slows both; each is warm, with the better of one and two threads, and its best time counts.
 *
 * usage: npx tsx bench/cnn.ts [--rounds 3] [--seconds 4]
 * The last line of stdout is one JSON object: { rows: [{ engine, threads, ms }] }.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Array as JaxArray, jit, tree, valueAndGrad } from "@jax-js/jax";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import { compile } from "../packages/onnx/src/index.ts";
import { cnnBatch, cnnInit, cnnLoss } from "../packages/onnx/test/models/cnn.ts";

interface Row {
  readonly engine: "onnxruntime" | "jax-wasm" | "pytorch";
  readonly threads: number;
  readonly ms: number;
}

const { rounds, seconds } = scriptFlags("npx tsx bench/cnn.ts [--rounds 3] [--seconds 4]", {
  rounds: 3,
  seconds: 4,
});
const params = cnnInit();
const [images, labels] = cnnBatch(64);
const gradient = valueAndGrad(cnnLoss);

async function shortest(work: () => Promise<unknown>, forSeconds: number): Promise<number> {
  await work();
  const begin = performance.now();
  let least = Number.POSITIVE_INFINITY;
  do {
    const started = performance.now();
    await work();
    least = Math.min(least, performance.now() - started);
  } while (performance.now() - begin < forSeconds * 1000);
  return least;
}

async function onOnnx(threads: number): Promise<Row> {
  const compiled = compile(gradient as (...v: never[]) => unknown, { threads });
  const run = async (): Promise<void> => {
    const out = await compiled(tree.ref(params) as never, images.ref as never, labels.ref as never);
    tree.dispose(out as never);
  };
  const ms = await shortest(run, seconds / 2);
  compiled.dispose();
  return { engine: "onnxruntime", threads, ms };
}

async function onJax(): Promise<Row> {
  const jitted = jit(gradient);
  const run = async (): Promise<void> => {
    const out = jitted(tree.ref(params) as never, images.ref, labels.ref);
    for (const leaf of tree.leaves(out as never) as JaxArray[]) await leaf.blockUntilReady();
    tree.dispose(out as never);
  };
  const ms = await shortest(run, 0);
  jitted.dispose();
  return { engine: "jax-wasm", threads: 1, ms };
}

function onTorch(): Row[] {
  const script = fileURLToPath(new URL("peers/pytorch_cnn.py", import.meta.url));
  const own = fileURLToPath(new URL("peers/venv/bin/python", import.meta.url));
  for (const python of [own, "python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(python, [script, "--seconds", String(seconds)], {
      encoding: "utf8",
    });
    if (status !== 0) continue;
    const { ms, threads } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Omit<Row, "engine">;
    return [{ engine: "pytorch", threads, ms }];
  }
  console.error("no python3 with torch: npm run peers");
  return [];
}

const found: Row[] = [];
for (let round = 0; round < rounds; round++) {
  for (const threads of [1, 2]) found.push(await onOnnx(threads));
  found.push(...onTorch());
}
found.push(await onJax());
const rows = (["onnxruntime", "pytorch", "jax-wasm"] as const).flatMap((engine) => {
  const own = found.filter((row) => row.engine === engine);
  return own.length === 0 ? [] : [own.reduce((a, b) => (b.ms < a.ms ? b : a))];
});
const ours = rows.find(({ engine }) => engine === "onnxruntime")?.ms ?? Number.NaN;
for (const { engine, threads, ms } of rows) {
  console.error(
    `${engine.padEnd(12)} ${ms.toFixed(1).padStart(8)} ms (${threads} threads)  ${(ms / ours).toFixed(2)}`,
  );
}
console.log(JSON.stringify({ rows: rows.map((row) => ({ ...row, ms: Math.round(row.ms * 100) / 100 })) }));
