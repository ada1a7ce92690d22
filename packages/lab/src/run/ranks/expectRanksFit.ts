import type { Optimizer } from "steepest";
import type { RunPlan } from "../../plan/runPlan.ts";
import { UsageError } from "../../plan/usageError.ts";
import { formatCountOf } from "../../text/quantities.ts";

/** Throws `UsageError` where a run cannot be made by that many ranks together. */
export function expectRanksFit(
  { engine, batch, accumulate, optimizer, data }: RunPlan,
  { needs }: Pick<Optimizer, "needs">,
  ranks: number,
): void {
  if (engine !== "onnx") {
    throw new UsageError(`several ranks train on the onnx engine, not on ${engine}: leave --engine out`);
  }
  if (needs !== undefined) {
    throw new UsageError(
      `${optimizer} looks at more than gradients and takes a batch whole: it trains in one process, without --ranks`,
    );
  }
  const parts = ranks * accumulate;
  if (data === "none" || batch % parts === 0) return;
  const below = batch - (batch % parts);
  const whole = accumulate === 1 ? "" : ` of ${accumulate} parts each (--accumulate)`;
  throw new UsageError(
    `a batch of ${batch} cannot be shared out evenly among ${formatCountOf(ranks, "rank")}${whole}: ` +
      `take --batch ${below > 0 ? `${below} or ` : ""}${below + parts}, or another number of ranks`,
  );
}
