import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as v from "valibot";

import { type Hello, helloSchema, refusalSchema } from "./protocol.ts";

const STDERR_KEPT = 2000; // characters: the last words of a crash
/** The slowest answer that is known takes half a minute. */
const PATIENCE_MS = 600_000;

/**
 * The process of one engine, from its first line on. It is told one thing at a time. One that ends or answers
 * nonsense makes the request fail with a sentence.
 */
export class EngineProcess {
  readonly hello: Hello;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #next: () => Promise<unknown>;

  private constructor(child: ChildProcessWithoutNullStreams, next: () => Promise<unknown>, hello: Hello) {
    this.#child = child;
    this.#next = next;
    this.hello = hello;
  }

  /** Starts a program that speaks the protocol. Rejects where it does not start, or ends before it says hello. */
  static async start(command: string, values: readonly string[]): Promise<EngineProcess> {
    const child = spawn(command, values, { stdio: "pipe" });
    child.stdin.on("error", () => {}); // the child is gone: its end is reported
    const next = answersOf(child);
    try {
      return new EngineProcess(child, next, v.parse(helloSchema, await next()));
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Sends an order and waits for its answer. */
  async ask<S extends v.GenericSchema>(order: object, schema: S): Promise<v.InferOutput<S>> {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
    const answer = await this.#next();
    const refusal = v.safeParse(refusalSchema, answer);
    if (refusal.success) throw new Error(refusal.output.error);
    return v.parse(schema, answer);
  }

  end(): void {
    this.#child.kill("SIGKILL"); // it has nothing to save
  }
}

/** The JSON objects a child prints, one for each call; calls do not overlap. */
function answersOf(child: ChildProcessWithoutNullStreams): () => Promise<unknown> {
  const answers: unknown[] = [];
  let waiting: (() => void) | undefined;
  let ended: Error | undefined;
  let lastWords = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-STDERR_KEPT);
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return; // a remark of some library
    try {
      answers.push(JSON.parse(line.replace(/\bNaN\b|-?\bInfinity\b/g, "null"))); // Python writes these
    } catch {
      return;
    }
    waiting?.();
  });
  const end = (how: string): void => {
    const words = lastWords.trim().split("\n").slice(-3).join(" ");
    ended ??= new Error(`its process ${how}${words === "" ? "" : `: ${words}`}`);
    waiting?.();
  };
  child.on("error", (error) => end(`did not start (${error.message})`));
  child.on("close", (code, signal) =>
    end(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
  );
  return async () => {
    if (answers.length === 0 && ended === undefined) {
      const timer = setTimeout(end, PATIENCE_MS, `did not answer for ${PATIENCE_MS / 60_000} minutes`);
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
      clearTimeout(timer);
    }
    const answer = answers.shift();
    if (answer === undefined) throw ended ?? new Error("internal: no answer");
    return answer;
  };
}
