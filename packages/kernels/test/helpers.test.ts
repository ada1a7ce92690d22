import { expect, test } from "vitest";
import { type BoundStage, KernelMemory, KernelRunner } from "../src/index.ts";

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
