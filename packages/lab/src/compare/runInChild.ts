import { fork } from "node:child_process";

import { listCheckpoints } from "../files/listCheckpoints.ts";
import { NonFiniteLossError, RunInterruptedError } from "../run/runErrors.ts";
import type { RunIo } from "../run/runIo.ts";
import type { RunResult } from "../run/runResult.ts";
import type { FromChild, ToChild } from "./childMessages.ts";
import type { Runner } from "./runner.ts";

const STDERR_KEPT = 2000; // characters: the end of a native crash's last words

/**
 * Runs each run in a process of its own, started by `script` (this package's command) as `compare --child`. So every
 * run begins from the same state, its peak memory is its own, and one that crashes takes no other with it.
 */
export function runInChild(script: string): Runner {
  return (plan, io) =>
    new Promise<RunResult>((resolve, reject) => {
      const child = fork(script, ["compare", "--child"], {
        serialization: "advanced", // keeps NaN and Infinity
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      const tell = (message: ToChild): void => {
        if (child.connected) child.send(message);
      };
      const stop = (): void => {
        if (process.platform === "win32") tell({ kind: "stop" });
        else child.kill("SIGTERM"); // a message has to wait for what the child computes before its first step
      };
      io.signal?.addEventListener("abort", stop, { once: true });
      let lastWords = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        lastWords = (lastWords + text).slice(-STDERR_KEPT);
      });
      let settled = false;
      const settle = (finish: () => void): void => {
        settled = true;
        io.signal?.removeEventListener("abort", stop);
        finish();
      };
      child.on("message", (message) => {
        // The other end is this package: the messages are of its type.
        const end = pass(message as FromChild, io);
        if (end) settle(() => ("result" in end ? resolve(end.result) : reject(end.error)));
      });
      child.on("error", (error) => settle(() => reject(error)));
      child.on("close", (code, signal) => {
        if (settled) return;
        const { out } = io;
        if (signal === "SIGTERM" && io.signal?.aborted && out !== undefined) {
          const step = listCheckpoints(out).at(-1) ?? 0;
          settle(() => reject(new RunInterruptedError(step, out)));
          return;
        }
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        const words = lastWords.trim().split("\n").slice(-3).join(" ");
        settle(() =>
          reject(new Error(`the process of this run was ended ${how}${words === "" ? "" : `: ${words}`}`)),
        );
      });
      tell({ kind: "run", plan, out: io.out, resume: io.resume === true });
      if (io.signal?.aborted) stop();
    });
}

/** Hands a message to the observer; the last one of a run comes back. */
function pass(message: FromChild, { observer }: RunIo): { result: RunResult } | { error: Error } | undefined {
  switch (message.kind) {
    case "prepare":
      observer?.onPrepare?.(message.line);
      return undefined;
    case "start":
      observer?.onStart?.(message.start);
      return undefined;
    case "step":
      observer?.onStep?.(message.metrics);
      return undefined;
    case "evaluation":
      observer?.onEval?.(message.evaluation);
      return undefined;
    case "checkpoint":
      observer?.onCheckpoint?.(message.checkpoint);
      return undefined;
    case "done":
      return { result: message.result };
    case "not-finite":
      return { error: notFinite(message) };
    case "interrupted":
      return { error: new RunInterruptedError(message.step, message.runDir) };
    case "failed":
      return { error: new Error(message.message) };
  }
}

/** The error as it was thrown over there; its message is complete already. */
function notFinite(end: Extract<FromChild, { kind: "not-finite" }>): NonFiniteLossError {
  const error = new NonFiniteLossError(end.step, "", end.runDir, end.checkpoint);
  error.message = end.message;
  return error;
}
