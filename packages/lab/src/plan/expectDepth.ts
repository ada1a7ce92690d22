import type { JsonOptions } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";

/** Blocks of the deepest model that is built: every one is a part of the graph, and of the time to compile it. */
const DEEPEST = 10_000;

/** Throws `UsageError` for a depth that would take for ever to build. */
export function expectDepth({ depth }: JsonOptions): void {
  if (typeof depth !== "number" || depth <= DEEPEST) return;
  throw new UsageError(
    `depth ${depth} is more than the ${DEEPEST} blocks that a model can have here: take fewer`,
  );
}
