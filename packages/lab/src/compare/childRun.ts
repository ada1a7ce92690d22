import { UsageError } from "../plan/usageError.ts";
import { beginOrContinue } from "../run/beginOrContinue.ts";
import { NonFiniteLossError, RunInterruptedError } from "../run/runErrors.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { FromChild, ToChild } from "./childMessages.ts";

/**
 * The other end of `runInChild`: waits for a plan, runs it, and reports over the channel to the parent. Stops, with a
 * checkpoint, when told to, when `signal` is aborted, and when the parent is gone.
 */
export async function childRun({ signal, listen }: Pick<CommandIo, "signal" | "listen">): Promise<void> {
  if (process.send === undefined)
    throw new UsageError("--child is for compare itself: it starts one process for each run");
  const tell = (message: FromChild): Promise<void> =>
    new Promise((done) => {
      if (process.connected) process.send?.(message, undefined, {}, () => done());
      else done();
    });
  const stop = new AbortController();
  process.once("disconnect", () => stop.abort());
  const { plan, out, resume } = await new Promise<Extract<ToChild, { kind: "run" }>>((resolve) => {
    process.on("message", (message) => {
      // The other end is this package: the messages are of its type.
      const order = message as ToChild;
      if (order.kind === "run") resolve(order);
      else stop.abort();
    });
  });
  try {
    const result = await beginOrContinue(
      plan,
      {
        ...(out !== undefined && { out }),
        signal: AbortSignal.any([signal, stop.signal]),
        observer: {
          onPrepare: (line) => void tell({ kind: "prepare", line }),
          onStart: (start) => void tell({ kind: "start", start }),
          onStep(metrics) {
            listen("stopping"); // before the first step there is nothing to save
            void tell({ kind: "step", metrics });
          },
          onEval: (evaluation) => void tell({ kind: "evaluation", evaluation }),
          onCheckpoint: (checkpoint) => void tell({ kind: "checkpoint", checkpoint }),
        },
      },
      resume,
    );
    await tell({ kind: "done", result });
  } catch (error) {
    await tell(describeEnd(error));
  }
  if (process.connected) process.disconnect();
}

function describeEnd(error: unknown): FromChild {
  if (error instanceof NonFiniteLossError) {
    const { step, runDir, checkpoint, message } = error;
    return { kind: "not-finite", step, message, runDir, checkpoint };
  }
  if (error instanceof RunInterruptedError)
    return { kind: "interrupted", step: error.step, runDir: error.runDir };
  return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
}
