import { totalmem } from "node:os";
import type { LanguageModel } from "@steepest/models";
import type { RunPlan } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { formatBytes, formatCount, formatCountOf } from "../text/quantities.ts";

/** A validation that reads every place of its text more often than this is a slip of the pen. */
const OFTEN = 100;
/** Windows that a validation may always have. */
const MODEST = 100_000;

/** Throws `UsageError` where the logits of one step alone, and their gradient, exceed the machine's memory. */
export function expectStepFits(
  { batch, accumulate }: Pick<RunPlan, "batch" | "accumulate">,
  { context, config }: Pick<LanguageModel, "context" | "config">,
  memory: number = totalmem(),
): void {
  const vocabSize = Number(config.vocabSize);
  const needed = 2 * 4 * (batch / accumulate) * context * vocabSize;
  if (!(needed > memory)) return;
  const part = accumulate === 1 ? "a batch" : `each of the ${accumulate} parts of a batch`;
  throw new UsageError(
    `${part} of ${formatCountOf(batch / accumulate, "sequence")} needs at least ${formatBytes(needed)} for its logits and ` +
      `their gradient (2 · 4 bytes · ${formatCount(batch / accumulate)} · ${formatCountOf(context, "token")} · ` +
      `${formatCount(vocabSize)} token ids), and this machine has ${formatBytes(memory)}: take a smaller --batch, or ` +
      "compute it in more parts (--accumulate)",
  );
}

/** Throws `UsageError` for validations that would never end: they are spread over the text, and overlap. */
export function expectFewValidations(
  { evalBatches = 1, batch }: Pick<RunPlan, "evalBatches" | "batch">,
  context: number,
  tokens: number,
): void {
  const places = Math.max(1, tokens - context);
  const most = Math.max(MODEST, OFTEN * places);
  if (evalBatches * batch <= most) return;
  throw new UsageError(
    `${formatCount(evalBatches)} batches of ${formatCount(batch)} sequences are too many for a validation on ` +
      `${formatCountOf(tokens, "token")}, which would be read more than ${OFTEN} times: take --eval-batches ` +
      `${Math.max(1, Math.floor(places / batch))}`,
  );
}
