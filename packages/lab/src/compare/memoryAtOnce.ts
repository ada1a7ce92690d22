import { totalmem } from "node:os";

import { planOptimizer } from "../plan/resolvePlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { trainingBytes } from "../prepare/expectEnoughMemory.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { formatBytes } from "../text/quantities.ts";
import type { PlannedRun } from "./planComparison.ts";

/** What a process of a run takes beside its numbers: Node, the runtime, compiled steps. Measured with the smallest model. */
const PROCESS_BYTES = 200 * 2 ** 20;

/**
 * What `atOnce` runs need at least, in words: `parameters, gradients and state take up to 3.2 MiB in each run, …`. Throws
 * `UsageError` with a number that fits where it is more than `memory`, that of the machine.
 */
export function memoryAtOnce(
  planned: readonly PlannedRun[],
  { model }: PreparedRun,
  atOnce: number,
  memory: number = totalmem(),
): string {
  const first = [...new Map(planned.map((run) => [run.label, run.plan])).values()];
  const bytes = first.map((plan) => {
    const { parameters, state, gradients } = trainingBytes(
      model,
      planOptimizer(plan, model.roles()),
      plan.engine,
    );
    return parameters + state + gradients;
  });
  const each = Math.max(...bytes);
  const needed = atOnce * (each + PROCESS_BYTES);
  if (atOnce > 1 && needed > memory) {
    const fits = Math.max(1, Math.floor(memory / (each + PROCESS_BYTES)));
    throw new UsageError(
      `${atOnce} runs at once need at least ${formatBytes(needed)} and this machine has ${formatBytes(memory)}: take ` +
        `--parallel ${fits}`,
    );
  }
  return (
    `parameters, gradients and state take up to ${formatBytes(each)} in each run, activations and about ` +
    `${formatBytes(PROCESS_BYTES)} for its process on top`
  );
}
