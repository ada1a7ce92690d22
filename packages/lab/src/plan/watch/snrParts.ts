import type { RunPlan } from "../runPlan.ts";

/** Parts that a batch is cut in to measure the noise of its gradient, the fewer the cheaper. */
const preferred = [4, 2, 3, 5, 7] as const;

/** How many parts a batch's gradients are compared over: those it is computed in, else 4. Undefined where none are equal. */
export function snrParts({ batch, accumulate }: Pick<RunPlan, "batch" | "accumulate">): number | undefined {
  if (accumulate > 1) return accumulate;
  return preferred.find((parts) => batch % parts === 0 && batch >= parts);
}
