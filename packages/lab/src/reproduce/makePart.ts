import { fork } from "node:child_process";

import type { Json } from "../plan/runPlan.ts";
import { RunInterruptedError } from "../run/runErrors.ts";
import type { Claim, PartIo, Results, Scale } from "./claim.ts";
import type { PartFile } from "./claimData.ts";

/** Which part of which claim, and what it may know. */
export interface PartOrder {
  readonly claim: string;
  readonly scale: Scale;
  readonly id: string;
  readonly done: readonly (readonly [id: string, result: Json])[];
  readonly folder: string;
}

export type ToPart = { readonly kind: "make"; readonly order: PartOrder } | { readonly kind: "stop" };
export type FromPart =
  | { readonly kind: "done"; readonly part: PartFile }
  | { readonly kind: "interrupted" }
  | { readonly kind: "failed"; readonly message: string };

/** Makes a part; rejects with `RunInterruptedError` where it was asked to stop. */
export type PartMaker = (
  claim: Claim,
  scale: Scale,
  id: string,
  done: Results<Json>,
  io: PartIo,
) => Promise<PartFile>;

/** Makes it in this process. */
export const makeHere: PartMaker = async (claim, scale, id, done, io) => {
  const part = claim.parts(scale, done).find((one) => one.id === id);
  if (part === undefined) throw new Error(`internal: ${claim.name} has no part ${id}`);
  const before = process.cpuUsage();
  const result = await part.make(io);
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, result };
};

const STDERR_KEPT = 2000; // characters: the end of a native crash's last words

/** Makes each part in a process of its own, started by `script`: several at once, and a crash of one ends no other. */
export const makeInChild =
  (script: string): PartMaker =>
  (claim, scale, id, done, { folder, signal }) =>
    new Promise((resolve, reject) => {
      const child = fork(script, ["reproduce", "--child"], {
        serialization: "advanced",
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      const tell = (message: ToPart): void => {
        if (child.connected) child.send(message);
      };
      const stop = (): void => tell({ kind: "stop" });
      signal.addEventListener("abort", stop, { once: true });
      let lastWords = "";
      child.stderr?.setEncoding("utf8").on("data", (text: string) => {
        lastWords = (lastWords + text).slice(-STDERR_KEPT);
      });
      child.on("message", (message) => {
        // The other end is this package: the messages are of its type.
        const end = message as FromPart;
        if (end.kind === "done") resolve(end.part);
        else reject(end.kind === "failed" ? new Error(end.message) : new RunInterruptedError(0, folder));
      });
      child.on("error", reject);
      child.on("close", (code, by) => {
        signal.removeEventListener("abort", stop);
        if (signal.aborted) return reject(new RunInterruptedError(0, folder));
        const how = by === null ? `with exit code ${code}` : `by ${by}`;
        reject(
          new Error(
            `its process was ended ${how} ${lastWords.trim().split("\n").slice(-3).join(" ")}`.trim(),
          ),
        );
      });
      tell({ kind: "make", order: { claim: claim.name, scale, id, done: [...done], folder } });
      if (signal.aborted) stop();
    });
