import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";

import { bin, microFlags, temporaryFolder } from "./support/microRun.ts";

// A context of 64 makes kernels of more than 0.15 ms, which are split; the process has to end by itself.
test("one thread and two: every byte is the same, and the process ends", () => {
  skipUnless(availableParallelism() >= 2, "two threads of jax-js", "a second processor core");
  const folder = temporaryFolder();
  const bytes = ["1", "2"].map((threads) => {
    const out = join(folder, threads);
    const flags = [
      "--engine",
      "jax",
      "--threads",
      threads,
      "--steps",
      "2",
      "--context",
      "64",
      "--width",
      "64",
    ];
    const child = spawnSync(process.execPath, [bin, "train", ...microFlags(folder), ...flags, "--out", out]);
    expect(child.status).toBe(0);
    const checkpoint = join(out, "checkpoints", "step-2");
    return ["params", "optimizer"].map((name) =>
      readFileSync(join(checkpoint, `${name}.safetensors`), "hex"),
    );
  });
  expect(bytes[1]).toEqual(bytes[0]);
});

// The flags of a command may lead to jax-js, and a Worker that comes after it is not seen: then all would run on one thread.
test("a command has all cores of the process", () => {
  const line = "sweep sgd --model rosenbrock --over learningRate=0.1,0.2 --dry-run";
  const { stdout } = spawnSync(process.execPath, [bin, ...line.split(" ")], { encoding: "utf8" });
  expect(stdout.trim().split("\n").at(-1)).toContain(`, ${availableParallelism()} at once`);
});
