import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { skipUnless } from "../../../test-support/skipUnless.ts";
import { startCommand } from "../chaos/startCommand.ts";
import type { CompareRow } from "../src/compare/compareRow.ts";
import { runHere } from "../src/compare/runner.ts";
import { listCheckpoints } from "../src/files/listCheckpoints.ts";
import { failedRow } from "../src/queue/failedRow.ts";
import { makeQueuedRun } from "../src/queue/makeQueuedRun.ts";
import { openQueue } from "../src/queue/openQueue.ts";
import { parseQueueAddress } from "../src/queue/queueAddress.ts";
import { ownVersion, type QueuedRun } from "../src/queue/queuedRun.ts";
import { queueLauncher } from "../src/queue/queueLauncher.ts";
import type { MakeQueued, RunQueue, Terms, WorkIo } from "../src/queue/runQueue.ts";
import { nextTrials } from "../src/sweep/nextTrials.ts";
import { runSweep, type SweepResult } from "../src/sweep/runSweep.ts";
import { trialFolderName } from "../src/sweep/trialFolder.ts";
import { readTrials } from "../src/sweep/trialLog.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";
import { type QueueServer, queueKinds } from "./support/queueServers.ts";
import { sweepSpec } from "./support/sweepSpec.ts";

const usual: Terms = { priority: "normal", tries: 2 };
const rates = (n: number): string => `learningRate=1e-5..1e-3:${n}`;

const finished = (run: QueuedRun): CompareRow => {
  const { error: _, ...row } = failedRow(run, "");
  return { ...row, status: "finished", steps: run.plan.steps, valLoss: 1 };
};

/** The folder of the first run that has a checkpoint. */
async function untilCheckpoint(folder: string): Promise<string> {
  for (;;) {
    const trials = join(folder, "trials");
    const names = existsSync(trials) ? readdirSync(trials) : [];
    const found = names.map((one) => join(trials, one)).find((run) => (listCheckpoints(run).at(-1) ?? 0) > 0);
    if (found !== undefined) return found;
    await setTimeout(20);
  }
}

let count = 0;
/** A sweep of its own in a queue that other tests use, too. */
const newSweep = (): string => `sweep${process.pid}${count++}`;

describe.each(queueKinds)("a queue in $name", ({ name, isThere, enabledBy, begin }) => {
  skipUnless(isThere, `sweeps by workers through ${name}`, enabledBy);
  let server: QueueServer;
  beforeAll(async () => {
    if (isThere) server = await begin();
  }, 120_000);
  afterAll(() => server?.remove());

  const open = async (): Promise<RunQueue> => {
    const queue = await openQueue(server.url);
    onTestFinished(() => queue.close());
    return queue;
  };

  /** A worker of this process; aborting ends it. */
  const work = async (make: MakeQueued, how: Partial<WorkIo> = {}): Promise<() => Promise<void>> => {
    const queue = await open();
    const stop = new AbortController();
    const ended = queue.work(make, {
      atOnce: 1,
      lostAfter: 30,
      signal: stop.signal,
      say: () => {},
      ...how,
    });
    const end = async (): Promise<void> => {
      stop.abort();
      await ended;
    };
    onTestFinished(end);
    return end;
  };

  const sweepBy = async (
    n: number,
    how: {
      folder?: string;
      sweep?: string;
      terms?: Terms;
      retryFailed?: boolean;
      signal?: AbortSignal;
      seen?: (row: CompareRow) => void;
    } = {},
  ): Promise<SweepResult> => {
    const { folder = temporaryFolder(), sweep = newSweep(), terms = usual, retryFailed = false } = how;
    const { signal = new AbortController().signal } = how;
    const spec = sweepSpec([rates(n)], { base: { model: "rosenbrock", steps: 5 } });
    const queue = await open();
    const launcher = queueLauncher({
      queue,
      sweep,
      folder,
      terms,
      atOnce: Number.POSITIVE_INFINITY,
      signal,
      say: () => {},
    });
    const before = readTrials(folder).trials;
    const observer = { onTrialEnd: (_: unknown, row: CompareRow) => how.seen?.(row) };
    const result = await runSweep(spec, { folder, launcher, before, retryFailed, signal, observer });
    await launcher.close();
    return result;
  };

  test("60 runs by three workers, one of which comes late and one goes: each is made once and the numbers are those of one machine", async () => {
    const folder = temporaryFolder();
    const made: string[] = [];
    const make: MakeQueued = async (run, { signal, onStep }) => {
      made.push(run.id);
      if (run.name !== real) return finished(run);
      return makeQueuedRun(run, { runner: runHere, root: undefined, signal, onStep, say: () => {} });
    };
    const [trial] = nextTrials(sweepSpec([rates(60)], { base: { model: "rosenbrock", steps: 5 } }), []);
    if (trial === undefined) throw new Error("no trial");
    const real = trialFolderName(trial);
    const end = await work(make, { atOnce: 2 });
    await work(make);
    let seen = 0;
    let last: Promise<unknown> = Promise.resolve();
    const result = await sweepBy(60, {
      folder,
      seen: () => {
        seen++;
        if (seen === 10) last = Promise.all([end(), work(make, { atOnce: 2 })]);
      },
    });
    await last;
    expect([result.end, result.outcomes.length]).toEqual(["complete", 60]);
    // One that was given back is begun again, and goes on in its folder.
    expect(new Set(made).size).toBe(60);
    expect(made.length).toBeLessThanOrEqual(62);
    const lines = readFileSync(join(folder, "trials.jsonl"), "utf8").trim().split("\n");
    expect(lines).toHaveLength(60);
    const alone = await runHere(trial.plan, { out: join(temporaryFolder(), "run") });
    expect(result.rows.get(trial.id)?.valLoss).toBe(alone.valLoss);
    expect(result.rows.get(trial.id)?.runDir?.startsWith(folder)).toBe(true);
  });

  test("a run that fails is tried again, then recorded with its reason, ends nothing else, and is made again when asked to", async () => {
    const folder = temporaryFolder();
    const sweep = newSweep();
    let broken = true;
    const made: string[] = [];
    await work(async (run) => {
      made.push(run.id);
      const bad = Number(run.plan.optimizerOptions.learningRate) === 1e-3;
      return bad && broken ? failedRow(run, "no space left") : finished(run);
    });
    const statuses = ({ rows }: SweepResult): string[] =>
      [...rows.values()].map(({ status }) => status).sort();
    const first = await sweepBy(3, { folder, sweep });
    expect([first.end, ...statuses(first)]).toEqual(["complete", "failed", "finished", "finished"]);
    expect([...first.rows.values()].find(({ status }) => status === "failed")?.error).toBe(
      "no space left (2 tries)",
    );
    expect(made).toHaveLength(4);
    broken = false;
    expect(statuses(await sweepBy(3, { folder, sweep }))).toEqual(["failed", "finished", "finished"]);
    expect(made).toHaveLength(4);
    const again = await sweepBy(3, { folder, sweep, retryFailed: true });
    expect(statuses(again)).toEqual(["finished", "finished", "finished"]);
    expect(made).toHaveLength(5);
  });

  test("a cancelled sweep ends, its runs are given up, and goes on later", async () => {
    const folder = temporaryFolder();
    const sweep = newSweep();
    const queue = await open();
    let stopped = 0;
    let begun = 0;
    await work(async (run, { signal }) => {
      if (++begun > 1) return finished(run);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      stopped++;
      return { ...finished(run), status: "interrupted", valLoss: null };
    });
    const swept = sweepBy(3, { folder, sweep });
    while (begun === 0) await setTimeout(50);
    await queue.cancel(sweep);
    const { end, outcomes } = await swept;
    expect([end, outcomes.length]).toEqual(["given up", 0]);
    while (stopped === 0) await setTimeout(50);
    const own = async () => (await queue.state()).runs.filter((run) => run.sweep === sweep);
    while ((await own()).some(({ state }) => state === "running")) await setTimeout(50);
    // As the command does: an ending that does not count is forgotten.
    await queue.forget((await queue.ended(sweep)).map(({ id }) => id));
    await queue.renew(sweep);
    expect((await sweepBy(3, { folder, sweep })).end).toBe("complete");
  });

  test("whoever waits may go, and collect what workers have made meanwhile", async () => {
    const folder = temporaryFolder();
    const sweep = newSweep();
    const stop = new AbortController();
    const queue = await open();
    const swept = sweepBy(3, { folder, sweep, signal: stop.signal });
    while ((await queue.state()).runs.filter((run) => run.sweep === sweep).length < 3) await setTimeout(50);
    stop.abort();
    expect((await swept).end).toBe("interrupted");
    const made: string[] = [];
    await work(async (run) => {
      made.push(run.id);
      return finished(run);
    });
    while ((await queue.ended(sweep)).length < 3) await setTimeout(50);
    expect((await sweepBy(3, { folder, sweep })).end).toBe("complete");
    expect(made).toHaveLength(3);
    expect((await queue.state()).runs.filter((run) => run.sweep === sweep)).toEqual([]);
  });

  test("high priority comes first, and a paused queue begins nothing", async () => {
    const queue = await open();
    await queue.pause(true);
    const order: string[] = [];
    const queued = (priority: Terms["priority"]) => {
      const sweep = newSweep();
      const [trial] = nextTrials(sweepSpec([rates(2)]), []);
      if (trial === undefined) throw new Error("no trial");
      const { plan, label } = trial;
      return queue.add(
        [{ id: `${sweep}-a`, sweep, folder: "/x", name: priority, label, plan, version: ownVersion() }],
        {
          ...usual,
          priority,
        },
      );
    };
    for (const priority of ["low", "normal", "high"] as const) await queued(priority);
    await work(async (run) => {
      order.push(run.name);
      return finished(run);
    });
    await setTimeout(1200);
    expect(order).toEqual([]);
    await queue.pause(false);
    while (order.length < 3) await setTimeout(50);
    expect(order).toEqual(["high", "normal", "low"]);
  });

  test("after kill -9 of a worker another one goes on from the checkpoint", async () => {
    const folder = join(temporaryFolder(), "sweep");
    const flags = [
      "--model",
      "rosenbrock",
      "--steps",
      "2000",
      "--checkpoint-every",
      "100",
      "--eval-every",
      "1000",
    ];
    const over = ["--over", "learningRate=0.001", "--extend", "0"];
    const swept = cli("sweep", "sgd", ...flags, ...over, "--queue", server.url, "--out", folder, "--json");
    const worker = () =>
      startCommand(["worker", "--queue", server.url, "--at-once", "1", "--lost-after", "2"]);
    const first = worker();
    const run = await untilCheckpoint(folder);
    first.signal("SIGKILL"); // the process of the run as well
    await first.ended;
    const before = readFileSync(join(run, "config.json"), "utf8");
    const logged = readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n").slice(0, 100);
    const second = worker();
    onTestFinished(() => {
      second.signal("SIGKILL");
    });
    const { code, out, err } = await swept;
    second.signal("SIGTERM");
    expect([code, err.filter((line) => line.startsWith("error"))]).toEqual([0, []]);
    expect(JSON.parse(out.at(-1) ?? "").end).toBe("complete");
    // Times are part of a line, so that one made again would be another.
    expect(readFileSync(join(run, "config.json"), "utf8")).toBe(before);
    expect(readFileSync(join(run, "metrics.jsonl"), "utf8").split("\n").slice(0, 100)).toEqual(logged);
  }, 180_000);
});

describe("the address of a queue", () => {
  test.each([
    ["redis://:geheim@h:6379/0", "redis://h:6379/0"],
    ["rediss://me:geheim@h", "rediss://me@h"],
    ["valkey://h:1", "valkey://h:1"],
    ["postgres://me:geheim@h:5432/db?sslmode=require", "postgres://me@h:5432/db"],
  ])("%s is shown as %s", (text, name) => {
    expect(parseQueueAddress(text)).toMatchObject({ name });
  });

  test.each([
    ["mysql://me:geheim@h/db", "--queue cannot be of mysql://: expected postgres://"],
    ["postgres://me:ge@he/im@h:5432/db", "signs like @ and / in a password are written %40 and %2F"],
    ["redis://:geheim@h:port", "cannot be read: expected postgres://"],
    [
      "redis://:geheim@127.0.0.1:1",
      "cannot reach the queue at redis://127.0.0.1:1: nobody listens there; start",
    ],
    ["postgres://me:geheim@127.0.0.1:1/db", "postgres://me@127.0.0.1:1/db: nobody listens there; start"],
    ["/dev/null/queue", "cannot make the queue /dev/null/queue: a part of the path is a file"],
  ])("%s: one sentence without a password", async (url, sentence) => {
    const { code, err } = await cli("worker", "--queue", url);
    expect(code).toBeGreaterThan(0);
    expect(err).toHaveLength(1);
    expect(err[0]).toContain(sentence);
    expect(err[0]).not.toMatch(/geheim|he\/im/);
  });

  test.each([
    ["worker", "worker needs a queue: --queue"],
    ["sweep cancel /nowhere", "sweep cancel needs the queue"],
    ["sweep status /nowhere", "/nowhere is no folder of a sweep"],
    ["sweep sgd --over learningRate=0.1,1 --model rosenbrock --tries 2", "--tries goes with --queue"],
    [
      "sweep sgd --over learningRate=0.1,1 --model rosenbrock --queue q --priority hihg",
      'got "hihg" (did you mean "high"?)',
    ],
    ["sweep sgd --over learningRate=0.1,1 --model rosenbrock --queue q --budget 3runs", "needs --parallel N"],
  ])("steepest %s: a sentence", async (line, sentence) => {
    const { code, err } = await cli(...line.split(" "));
    expect(code).toBeGreaterThan(0);
    expect(err.join()).toContain(sentence);
  });

  test("a sweep keeps neither the address nor the password", async () => {
    const folder = join(temporaryFolder(), "sweep");
    const queue = join(temporaryFolder(), "queue-geheim");
    const worker = cli("worker", "--queue", queue, "--idle", "1");
    const { code } = await cli(
      "sweep",
      "sgd",
      "--model",
      "rosenbrock",
      "--steps",
      "3",
      "--over",
      "learningRate=0.0001,0.001",
      "--queue",
      queue,
      "--extend",
      "0",
      "--out",
      folder,
    );
    expect([code, (await worker).code]).toEqual([0, 0]);
    expect(readFileSync(join(folder, "sweep.json"), "utf8")).not.toContain("geheim");
  });
});
