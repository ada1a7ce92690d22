import { UsageError } from "../plan/usageError.ts";
import { RunInterruptedError } from "../run/runErrors.ts";
import { loadClaim } from "./catalogue.ts";
import { type FromPart, makeHere, type PartOrder, type ToPart } from "./makePart.ts";

/** The other end of `makeInChild`. Stops when told to, when `signal` is aborted, and when the parent is gone. */
export async function partChild(signal: AbortSignal): Promise<void> {
  if (process.send === undefined)
    throw new UsageError("--child is for reproduce itself: it starts one process for each part");
  const tell = (message: FromPart): Promise<void> =>
    new Promise((done) => {
      if (process.connected) process.send?.(message, undefined, {}, () => done());
      else done();
    });
  const stop = new AbortController();
  process.once("disconnect", () => stop.abort());
  const order = await new Promise<PartOrder>((resolve) => {
    process.on("message", (message) => {
      // The other end is this package: the messages are of its type.
      const given = message as ToPart;
      if (given.kind === "make") resolve(given.order);
      else stop.abort();
    });
  });
  try {
    const claim = await loadClaim(order.claim);
    const io = { folder: order.folder, signal: AbortSignal.any([signal, stop.signal]) };
    await tell({ kind: "done", part: await makeHere(claim, order.scale, order.id, new Map(order.done), io) });
  } catch (error) {
    if (error instanceof RunInterruptedError) await tell({ kind: "interrupted" });
    else await tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
  if (process.connected) process.disconnect();
}
