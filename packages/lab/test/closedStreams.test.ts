import { spawn } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { bin, microFlags, temporaryFolder } from "./support/microRun.ts";

const onLinux = test.skipIf(process.platform !== "linux"); // /dev/full, signals

test("a reader that goes away costs no step of a run", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const child = spawn(process.execPath, [bin, "train", ...microFlags(folder), "--steps", "30", "--out", out]);
  child.stderr.once("data", () => {
    child.stderr.destroy();
    child.stdout.destroy();
  });
  const code = await new Promise((resolve) => child.on("exit", resolve));
  expect(code).toBe(0);
  expect(existsSync(join(out, "checkpoints", "step-30"))).toBe(true);
  expect(existsSync(join(out, "summary.json"))).toBe(true);
});

onLinux("a full disk behind stdout is a sentence, and the run is whole", async () => {
  const folder = temporaryFolder();
  const out = join(folder, "run");
  const child = spawn(
    process.execPath,
    [bin, "train", ...microFlags(folder), "--steps", "3", "--out", out, "--json"],
    { stdio: ["ignore", openSync("/dev/full", "w"), "pipe"] },
  );
  let said = "";
  child.stderr?.on("data", (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(said).toMatch(/\nerror: cannot write to stdout: the disk is full: free some space \(ENOSPC\)\n$/);
  expect(code).toBe(1);
  expect(existsSync(join(out, "summary.json"))).toBe(true);
});

onLinux("Ctrl-C again ends a process that computes and does not listen", async () => {
  const source = fileURLToPath(new URL("../src/text/stopSignals.ts", import.meta.url));
  const script = `
    const { stopSignals } = await import(${JSON.stringify(source)});
    const block = () => { for (;;); };
    const { signal, listen } = stopSignals(console.error);
    listen("stopping");
    signal.addEventListener("abort", () => setTimeout(block, 600));
    setInterval(() => {}, 1000);
    console.log("works");`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  const end = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGINT");
  await setTimeout(1500);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  for (let i = 0; i < 20 && child.signalCode === null; i++) {
    child.kill("SIGINT");
    await setTimeout(300);
  }
  child.kill("SIGKILL");
  expect(await end).toBe("SIGINT");
});
