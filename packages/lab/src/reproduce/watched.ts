import * as v from "valibot";

import type { RunPlan } from "../plan/runPlan.ts";
import { readWatch } from "../run/watchLog.ts";
import type { WatchLine } from "../watch/watchLine.ts";
import type { Part } from "./claim.ts";
import { type Trained, trained, trainOnce } from "./trained.ts";

/** A training run with what was watched of it. */
export const watched = v.object({
  ...trained.entries,
  /** Numbers over steps, by name. */
  seen: v.record(v.string(), v.array(v.tuple([v.number(), v.number()]))),
});
export type Watched = Trained & { readonly seen: Readonly<Record<string, [step: number, value: number][]>> };

/** The numbers of a line that are kept, by the name that they are kept under. */
export type Pick = (line: WatchLine) => Readonly<Record<string, number | undefined>>;

/** A part that is one run of a plan with `watch`. */
export const watchedPart = (id: string, plan: RunPlan, pick: Pick): Part<Watched> => ({
  id,
  cost: 12 + plan.steps * 0.03,
  async make(io) {
    const result = await trainOnce(plan, io);
    const seen: Record<string, [number, number][]> = {};
    for (const line of readWatch(io.folder))
      for (const [name, value] of Object.entries(pick(line)))
        if (value !== undefined) {
          seen[name] ??= [];
          seen[name].push([line.step, value]);
        }
    return { ...result, seen };
  },
});

/** A number over steps, in the second half of a run: what is left when the start is over. */
export function laterHalf({ seen, steps }: Watched, name: string): number[] {
  return (seen[name] ?? []).filter(([step]) => step > steps / 2).map(([, value]) => value);
}
