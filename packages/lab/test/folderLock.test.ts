import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

import { lockFolder } from "../src/files/folderLock.ts";
import { resumeRun } from "../src/run/resumeRun.ts";
import { trainRun } from "../src/run/trainRun.ts";
import { cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

const owner = (pid: number, host: string): string =>
  JSON.stringify({ pid, host, since: "2026-01-01T00:00:00.000Z" });

/** The number of a process that has ended. */
const gone = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

test("a folder is locked once; after the release, again", () => {
  const folder = temporaryFolder();
  const lock = lockFolder(folder, "run folder");
  expect(() => lockFolder(folder, "run folder")).toThrow(
    new RegExp(
      `^the run folder \\S+ is in use by process ${process.pid} on ${hostname()} since .* UTC: wait`,
    ),
  );
  lock.release();
  expect(existsSync(join(folder, ".lock"))).toBe(false);
  lockFolder(folder, "run folder").release();
});

test("a lock is stale when its process is gone from this host, or silent for long anywhere", () => {
  const folder = temporaryFolder();
  const path = join(folder, ".lock");
  writeFileSync(path, owner(gone(), hostname()));
  lockFolder(folder, "run folder").release();
  writeFileSync(path, owner(process.pid, hostname())); // an earlier process with this number
  lockFolder(folder, "run folder").release();
  writeFileSync(path, owner(process.ppid, hostname()));
  expect(() => lockFolder(folder, "run folder")).toThrow(/in use/);
  writeFileSync(path, owner(gone(), "elsewhere"));
  expect(() => lockFolder(folder, "run folder")).toThrow(/in use by process \d+ on elsewhere/);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(path, longAgo, longAgo);
  lockFolder(folder, "run folder").release();
});

test("half a lock that a kill left behind is swept, that of a living process is not", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, `.lock.${gone()}`), "");
  writeFileSync(join(folder, `.lock.${gone()}.old`), "");
  writeFileSync(join(folder, `.lock.${process.ppid}`), "");
  lockFolder(folder, "run folder").release();
  expect(readdirSync(folder).sort()).toEqual([`.lock.${process.ppid}`, "text.txt"]);
});

test("who lost the lock is told, and does not remove the new one", () => {
  const folder = temporaryFolder();
  const path = join(folder, ".lock");
  const lock = lockFolder(folder, "run folder");
  lock.expectHeld();
  writeFileSync(path, owner(1, "elsewhere"));
  expect(() => lock.expectHeld()).toThrow(/was taken over by process 1 on elsewhere/);
  lock.release();
  expect(existsSync(path)).toBe(true);
});

test("a resume while the run lives is refused and changes nothing", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const refused: unknown[] = [];
  await trainRun(microPlan(folder), {
    out,
    observer: {
      onCheckpoint({ step }) {
        if (step === 4) resumeRun(out, { fromStep: 2 }).catch((error: unknown) => refused.push(error));
      },
    },
  });
  expect(String(refused[0])).toMatch(/^FileError: the run folder \S+run is in use by process \d+/);
  expect(existsSync(join(out, "checkpoints", "step-4"))).toBe(true);
  expect(readFileSync(join(out, "metrics.jsonl"), "utf8").trim().split("\n")).toHaveLength(7);
  expect(existsSync(join(out, ".lock"))).toBe(false);
});

test.each(["removed", "renamed"])("a run folder %s on the way is an error", async (how) => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const run = trainRun(microPlan(folder), {
    out,
    observer: {
      onStep({ step }) {
        if (step !== 3) return;
        if (how === "removed") rmSync(out, { recursive: true });
        else renameSync(out, join(folder, "other"));
      },
    },
  });
  await expect(run).rejects.toThrow(/run folder \S+run is gone: it was removed or renamed/);
  expect(existsSync(out)).toBe(false);
});

test("a comparison's folder that another process prepares is refused", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "compare");
  mkdirSync(out);
  const lock = lockFolder(out, "folder of the comparison");
  const refused = await cli("compare", "adamw", ...microFlags(folder), "--steps", "2", "--out", out);
  expect(refused.err.at(-1)).toMatch(/^error: the folder of the comparison \S+ is in use by process/);
  lock.release();
});
