import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";

import { shareOut } from "../src/engine/ranks/shareOut.ts";
import { updateCost } from "../src/engine/ranks/updateCost.ts";
import { expectRanksFit } from "../src/run/ranks/expectRanksFit.ts";
import { threadsOfRank } from "../src/run/ranks/threadsOfRank.ts";
import { bin, cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";
import { type Ended, ended, mpirun, openMpi } from "./support/mpirun.ts";

const flags = (folder: string): string[] => [
  ...microFlags(folder).map((word, i, all) => (all[i - 1] === "--batch" ? "4" : word)),
  ...["--optimizer", "muon", "--threads", "1", "--checkpoint-every", "2", "--eval-every", "2"],
];

const train = (...argv: string[]): Promise<Ended> => ended(process.execPath, [bin, "train", ...argv]);

const checkpoint = (run: string, step: number) =>
  ["params", "optimizer"].map((name) =>
    readFileSync(join(run, `checkpoints/step-${step}/${name}.safetensors`)).toString("base64"),
  );

const losses = (run: string): number[] =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .flatMap((line) => (JSON.parse(line) as { loss?: number }).loss ?? []);

describe("the command", () => {
  skipUnless(openMpi.there, "steepest train in several processes", openMpi.enabledBy);

  test("two processes write one run folder: that of one process with the parts one after the other", async () => {
    const folder = temporaryFolder();
    const job = [...flags(folder), "--steps", "4", "--json"];
    const [two, one, started] = [join(folder, "two"), join(folder, "one"), join(folder, "started")];
    const shared = await train(...job, "--ranks", "2", "--out", two);
    expect({ code: shared.code, lines: shared.out.trim().split("\n").length }).toEqual({ code: 0, lines: 1 });
    expect(JSON.parse(shared.out)).toMatchObject({ steps: 4, runDir: two });
    expect(shared.err).toMatch(/2 ranks over Open MPI/);
    expect(shared.err).toMatch(/state {6}by rank: [\d,]+, [\d,]+ floats/);
    expect(shared.err.match(/step 4\/4/g)).toHaveLength(1);

    const alone = await train(...job, "--ranks", "1", "--accumulate", "2", "--out", one);
    expect(alone.code).toBe(0);
    expect(checkpoint(two, 4)).toEqual(checkpoint(one, 4));
    expect(losses(two)).toEqual(losses(one));

    const byHand = await mpirun(openMpi, 2, [bin, "train", ...job, "--out", started]);
    expect(byHand.code).toBe(0);
    expect(JSON.parse(byHand.out)).toMatchObject({ steps: 4, runDir: started });
    expect(checkpoint(started, 4)).toEqual(checkpoint(two, 4));
    expect(readdirSync(started).sort()).toEqual(readdirSync(two).sort());
  });

  test("saved by four processes, continued by two, by one and by four again", async () => {
    const folder = temporaryFolder();
    const [cut, whole] = [join(folder, "cut"), join(folder, "whole")];
    expect((await train(...flags(folder), "--steps", "8", "--out", whole)).code).toBe(0);
    expect((await train(...flags(folder), "--steps", "8", "--ranks", "4", "--out", cut)).code).toBe(0);
    const back = (step: number): void => {
      for (const later of [4, 6, 8].filter((one) => one > step))
        rmSync(join(cut, `checkpoints/step-${later}`), { recursive: true, force: true });
    };
    for (const ranks of [["--ranks", "2"], [], ["--ranks", "4"]]) {
      back(6);
      const { code, err } = await train("--resume", cut, ...ranks);
      expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    }
    // float32 sums of the parts' gradients in another order, eight steps.
    for (const [i, loss] of losses(whole).entries()) expect(losses(cut)[i]).toBeCloseTo(loss, 5);
  });

  test("a killed process ends the run with a sentence; with --restarts it goes on by itself", async () => {
    const folder = temporaryFolder();
    const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
    const job = [...flags(folder), "--steps", "150", "--checkpoint-every", "10", "--ranks", "2"];
    expect((await train(...job, "--out", whole)).code).toBe(0);
    const id = randomUUID();
    const first = train.bind(undefined, ...job, "--out", killed);
    vi.stubEnv("STEEPEST_TEST_ID", id);
    const running = first();
    vi.unstubAllEnvs();
    await killRank(1, id, killed);
    const { code, err } = await running;
    expect(code).toBe(1);
    expect(err.match(/error: /g)).toHaveLength(1);
    expect(err).toMatch(
      /error: rank 1 was killed \(signal 9\): the run ended; go on with: steepest train --resume \S+ --ranks 2/,
    );
    vi.stubEnv("STEEPEST_TEST_ID", id);
    const again = train("--resume", killed, "--ranks", "2", "--restarts", "1");
    vi.unstubAllEnvs();
    await killRank(0, id, killed);
    const end = await again;
    expect(end.err).toMatch(
      /rank 0 was killed \(signal 9\): starting again from the latest checkpoint \(0 restarts left\)/,
    );
    expect(end.code).toBe(0);
    expect(checkpoint(killed, 150)).toEqual(checkpoint(whole, 150));
    expect(losses(killed)).toEqual(losses(whole));
  });

  test("asked to stop, all processes save and end", async () => {
    const folder = temporaryFolder();
    const out = join(folder, "run");
    const child = spawn(process.execPath, [
      ...[bin, "train", ...flags(folder), "--steps", "5000", "--ranks", "2", "--out", out],
    ]);
    let err = "";
    child.stderr.on("data", (data) => {
      err += data;
    });
    await stepsMade(out, 3);
    child.kill("SIGTERM");
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(code).toBe(130);
    expect(
      err.match(/stopped after step \d+; go on with: steepest train --resume \S+ --ranks 2/g),
    ).toHaveLength(1);
    const steps = losses(out).length;
    expect(existsSync(join(out, `checkpoints/step-${steps}/meta.json`))).toBe(true);
  });
});

/** Kills a process of those that have the id in their environment, when the run has made a few steps more. */
async function killRank(rank: number, id: string, run: string): Promise<void> {
  await stepsMade(run, 3);
  const pid = readdirSync("/proc").find((name) => {
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
      return (
        environment.includes(`STEEPEST_TEST_ID=${id}`) && environment.includes(`OMPI_COMM_WORLD_RANK=${rank}`)
      );
    } catch {
      return false; // no process, or it has ended
    }
  });
  process.kill(Number(pid), "SIGKILL");
}

/** Waits until a run has made some steps more than it had. */
async function stepsMade(run: string, more: number): Promise<void> {
  const log = join(run, "metrics.jsonl");
  const made = (): number => (existsSync(log) ? readFileSync(log, "utf8").split("\n").length : 0);
  const before = made();
  while (made() < before + more) await setTimeout(20);
}

test("without mpirun the message says what to install", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const { code, err } = await cli("train", "--ranks", "2", "--model", "rosenbrock");
  vi.unstubAllEnvs();
  expect(code).toBe(1);
  expect(err.at(-1)).toMatch(
    /^error: --ranks needs mpirun, which is not installed: apt-get install openmpi-bin/,
  );
});

test("what several processes cannot do is refused with a way out", async () => {
  const folder = temporaryFolder();
  const plan = microPlan(folder, { batch: 8 });
  expect(() => expectRanksFit(plan, {}, 4)).not.toThrow();
  expect(() => expectRanksFit(plan, {}, 3)).toThrow(
    "a batch of 8 cannot be shared out evenly among 3 ranks: take --batch 6 or 9, or another number of ranks",
  );
  expect(() => expectRanksFit({ ...plan, accumulate: 4 }, {}, 4)).toThrow(
    "a batch of 8 cannot be shared out evenly among 4 ranks of 4 parts each (--accumulate): take --batch 16",
  );
  expect(() => expectRanksFit({ ...plan, engine: "jax" }, {}, 2)).toThrow(/onnx engine, not on jax/);
  expect(() => expectRanksFit(plan, { needs: "layers" }, 2)).toThrow(/takes a batch whole/);
  for (const [argv, message] of [
    [["--ranks", "0"], /--ranks must be a whole number ≥ 1 and ≤ 4096/],
    [["--restarts", "2"], /--restarts goes with --ranks N, N ≥ 2/],
  ] as const) {
    const { code, err } = await cli("train", ...argv);
    expect([code, err.at(-1)]).toEqual([2, expect.stringMatching(message)]);
  }
});

test("the longest task goes to who has least to do, and ties to the lowest rank", () => {
  const owners = shareOut(
    [7, 5, 4, 4, 3, 3].map((cost, i) => ({ path: `w${i}`, cost })),
    2,
  );
  expect([...owners]).toEqual([
    ["w0", 0],
    ["w1", 1],
    ["w2", 1],
    ["w3", 0],
    ["w4", 1],
    ["w5", 0],
  ]);
  expect(new Set(shareOut([{ path: "w", cost: 1 }], 8).values())).toEqual(new Set([0]));
});

test("a matrix costs its method's products, elsewhere its entries", () => {
  const cost = (name: string, shape: readonly number[], role: "hidden" | "embedding"): number => {
    const method = { name, takes: () => true } as unknown as Parameters<typeof updateCost>[0]["method"];
    return updateCost({ shape, role, method });
  };
  expect(cost("adamw", [30, 20], "hidden")).toBe(100 * 600);
  expect(cost("muon", [30, 20], "hidden")).toBe(100 * 600 + 30 * 30 * 20 * 20);
  expect(cost("muon", [20, 30], "hidden")).toBe(cost("muon", [30, 20], "hidden"));
  expect(cost("spectral", [30, 20], "hidden")).toBe(cost("muon", [30, 20], "hidden")); // Scion's
  expect(cost("colnorm", [30, 20], "hidden")).toBe(cost("adamw", [30, 20], "hidden"));
  expect(cost("muon", [30, 20], "embedding")).toBe(100 * 600);
});

test("a rank takes the cores it is bound to, or its share of the machine", () => {
  expect(threadsOfRank(3, { local: 4, own: 8, all: 8 })).toBe(3);
  expect(threadsOfRank(undefined, { local: 4, own: 8, all: 8 })).toBe(2);
  expect(threadsOfRank(undefined, { local: 4, own: 2, all: 2 })).toBe(1);
  expect(threadsOfRank(undefined, { local: 2, own: 1, all: 8 })).toBe(1);
});
