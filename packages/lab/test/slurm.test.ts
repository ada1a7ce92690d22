import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { slurmScript } from "../src/commands/slurmScript.ts";
import { readTrials } from "../src/sweep/trialLog.ts";
import { bin, cli, temporaryFolder } from "./support/microRun.ts";

const flags =
  "sweep sgd --model rosenbrock --steps 5 --over learningRate=0.0001,0.001 --extend 0 --slurm".split(" ");

test("--slurm writes a script whose tasks are workers, and makes no run", async () => {
  const folder = join(temporaryFolder(), "a sweep");
  const { code, out } = await cli(...flags, "--parallel", "5", "--threads", "3", "--out", folder);
  expect(code).toBe(0);
  expect(out[0]).toContain(`2 runs for 2 tasks; submit with: sbatch '${folder}/slurm.sh'`);
  const script = readFileSync(join(folder, "slurm.sh"), "utf8");
  expect(script).toContain("#SBATCH --array=0-1\n#SBATCH --cpus-per-task=3\n");
  expect(script).toContain("#SBATCH --signal=B:TERM@");
  expect(script).toContain(`sweep --resume '${folder}' --queue '${folder}/queue' &\n`);
  expect(script).toContain(`worker --queue '${folder}/queue' --at-once 1 --threads 3`);
  expect(spawnSync("bash", ["-n", join(folder, "slurm.sh")]).status).toBe(0);
  expect(readTrials(folder).trials.size).toBe(0);
});

test("the first task of the script alone makes the whole sweep", async () => {
  const folder = join(temporaryFolder(), "sweep");
  await cli(...flags, "--out", folder);
  const queue = join(folder, "queue");
  const text = slurmScript({ folder, program: [process.execPath, bin], queue, tasks: 1, threads: 1 });
  const script = join(folder, "quick.sh");
  writeFileSync(script, text.replace(/--idle \d+/, "--idle 5"));
  const task = spawn("bash", [script], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, SLURM_ARRAY_TASK_ID: "0" },
  });
  let said = "";
  for (const stream of [task.stdout, task.stderr]) stream.on("data", (data) => (said += String(data)));
  await new Promise((resolve) => task.on("close", resolve)); // both processes hold the pipes
  const statuses = [...readTrials(folder).trials.values()].map(({ row }) => row.status);
  expect([statuses, said]).toEqual([["finished", "finished"], expect.stringContaining("2 runs; ")]);
}, 120_000);

test.each([
  [["--budget", "3runs"], "--budget does not go with --slurm"],
  [["--queue", "postgres://me:geheim@h/db"], "a password in --queue would stand in the script"],
])("--slurm with %s: a sentence", async (more, sentence) => {
  const { code, err } = await cli(...flags, ...more);
  expect([code, err.join()]).toEqual([2, expect.stringContaining(sentence)]);
});
