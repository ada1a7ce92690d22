import { makeJaxpr, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { type BoundStage, KernelMemory, KernelProgram, KernelRunner } from "../src/index.ts";

/** A stage of many tiles that takes this thread a while. Helpers find `bytes` of a module. */
function stageOf(memory: KernelMemory, bytes: number, work: (tile: number) => void): BoundStage {
  const table = memory.allocate(12);
  return {
    calls: [{ kernel: (_, tile) => work(tile), list: 0, tiles: 64 }],
    tiles: 64,
    elements: 2 ** 20,
    table,
    module: { address: table, bytes, number: 1 },
  };
}

const idle = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

test("a tile that a helper took and could not do is an error, not a wrong result", async () => {
  const memory = new KernelMemory();
  const runner = new KernelRunner(memory, 2);
  const broken = stageOf(memory, 3, () => idle(2));
  const untilItHelps = async (): Promise<void> => {
    for (;;) await runner.run([broken]);
  };
  await expect(untilItHelps()).rejects.toThrow(/helper thread could not/);
  runner.dispose();
});

test("on one thread nobody helps, and each tile is done once, in order", async () => {
  const memory = new KernelMemory();
  const tiles: number[] = [];
  const runner = new KernelRunner(memory, 1);
  await runner.run([stageOf(memory, 3, (tile) => void tiles.push(tile))]);
  expect(tiles).toEqual(Array.from({ length: 64 }, (_, i) => i));
  runner.dispose();
});

test("helpers find their orders above 2 GiB, where an address is no signed number", async () => {
  const memory = new KernelMemory();
  memory.allocate(2 ** 31); // never touched
  const size = 2 ** 18;
  const { jaxpr } = makeJaxpr((x: np.Array) => x.mul(2).add(1))(np.zeros([size])).jaxpr;
  const { eqns, inBinders, outs } = jaxpr.flatten().simplify();
  const program = new KernelProgram({
    equations: eqns,
    inputs: inBinders,
    outputs: outs,
    constants: new Map(),
  });
  const [from, to] = [memory.allocate(4 * size), memory.allocate(4 * size)];
  const runner = new KernelRunner(memory, 2);
  const stages = program.bind(memory, [from], [to]);
  for (let run = 1; run <= 20; run++) {
    new Float32Array(memory.buffer, from, size).fill(run);
    await runner.run(stages);
    expect(new Set(new Float32Array(memory.buffer, to, size))).toEqual(new Set([2 * run + 1]));
  }
  runner.dispose();
});
