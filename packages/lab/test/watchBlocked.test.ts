import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

import { bin, temporaryFolder } from "./support/microRun.ts";

const source = fileURLToPath(new URL("../src/text/stopSignals.ts", import.meta.url));
const watch = fileURLToPath(new URL("../src/text/watchBlocked.ts", import.meta.url));

const posix = test.skipIf(process.platform === "win32");

/** A process that blocks before a signal can get through: for a minute, so that a test of nothing comes to an end. */
const blocked = (setup: string) =>
  start(`${setup}; setTimeout(() => {
    console.log("blocked");
    for (const end = Date.now() + 60_000; Date.now() < end; );
    process.exit(0);
  }, 500);`); // by then the thread listens

/** A process in a group of its own, or to which alone a signal goes. */
function start(script: string) {
  const argv = ["--import", "tsx", "--input-type=module", "-e", script];
  const child = spawn(process.execPath, argv, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said += text;
  });
  const end = new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  const ready = new Promise((resolve) => child.stdout.once("data", resolve));
  /** As a terminal and a batch system do: to every process of the group. */
  const send = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  /** As `kill` does, and what starts processes: to this one alone. */
  const sendAlone = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(child.pid, signal);
  };
  return { child, ready, end, send, sendAlone, said: () => said };
}

posix("the second Ctrl-C ends a process that has never noticed the first", async () => {
  const { child, ready, end, send, said } = blocked(
    `const { stopSignals } = await import(${JSON.stringify(source)}); stopSignals(() => {}).listen("stopping")`,
  );
  await ready;
  send("SIGINT");
  await setTimeout(1000);
  expect([child.exitCode, child.signalCode]).toEqual([null, null]);
  send("SIGINT");
  const sent = performance.now();
  expect(await end).toBe("SIGKILL");
  expect(said()).toBe("stopped at once, in the middle of a computation: what was saved before is kept\n");
  expect(performance.now() - sent).toBeGreaterThan(500); // time for a process that listens to end by itself
});

posix(
  "so does the second that is sent to the process alone, and one press that arrives twice is one",
  async () => {
    const { child, ready, end, sendAlone } = blocked(
      `const { stopSignals } = await import(${JSON.stringify(source)}); stopSignals(() => {}).listen("stopping")`,
    );
    await ready;
    sendAlone("SIGINT");
    sendAlone("SIGINT");
    await setTimeout(1500);
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    sendAlone("SIGINT");
    expect(await end).toBe("SIGKILL");
  },
);

posix("SIGTERM and SIGHUP end it after a while", async () => {
  const ends = ["SIGTERM", "SIGHUP"] as const;
  const processes = ends.map((signal) => {
    const one = blocked(
      `const { watchBlocked } = await import(${JSON.stringify(watch)}); watchBlocked(1); process.on("${signal}", () => {})`,
    );
    return one.ready.then(() => {
      one.send(signal);
      return one.end;
    });
  });
  expect(await Promise.all(processes)).toEqual(["SIGKILL", "SIGKILL"]);
});

posix("a signal that was noticed ends nothing, and nothing outlives the process", async () => {
  const { ready, end, send } = start(
    `const { watchBlocked } = await import(${JSON.stringify(watch)}); const noticed = watchBlocked(2);
     process.on("SIGTERM", noticed); setTimeout(() => process.exit(7), 4500);
     setTimeout(() => console.log("ready"), 500); // by then the thread listens`,
  );
  await ready;
  send("SIGTERM");
  expect(await end).toBe(7);
  for (let left = true; left; await setTimeout(50)) {
    try {
      send("SIGCONT"); // to whatever of the group is left
    } catch (error) {
      expect(String(error)).toContain("ESRCH");
      left = false;
    }
  }
});

posix("a command that saves nothing ends at the first Ctrl-C, whatever it computes", async () => {
  const endless = "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r";
  const child = spawn(process.execPath, [bin, "query", endless, temporaryFolder()], { stdio: "ignore" });
  const end = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  await setTimeout(1500);
  child.kill("SIGINT");
  const late = setTimeout(20_000, "still there", { ref: false });
  const how = await Promise.race([end, late]);
  child.kill("SIGKILL");
  expect(how).toBe("SIGINT");
});

posix("before the first step the system ends a run at once, its graph built or not", async () => {
  const folder = temporaryFolder();
  const flags = [
    "--data",
    join(folder, "text.txt"),
    "--width",
    "256",
    "--depth",
    "30",
    "--out",
    join(folder, "run"),
  ];
  const child = spawn(process.execPath, [bin, "train", ...flags], { stdio: ["ignore", "ignore", "pipe"] });
  const end = new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
  await new Promise((resolve) => {
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (/^folder /m.test(said)) resolve(said);
    });
  });
  child.kill("SIGTERM");
  expect(await end).toBe("SIGTERM");
  expect(existsSync(join(folder, "run", "checkpoints"))).toBe(false);
});
