import type { Shares } from "../compare/runsAtOnce.ts";
import type { SweepSpec } from "../sweep/sweepSpec.ts";
import { describeSettings, type Trial } from "../sweep/trial.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatCountOf } from "../text/quantities.ts";

/** What a sweep would run, for `--dry-run`. */
export function showTrials(
  spec: SweepSpec,
  trials: readonly Trial[],
  { atOnce }: Shares,
  io: CommandIo,
  json: boolean,
): void {
  if (json) {
    io.out(
      JSON.stringify({
        trials: trials.map(({ id, label, settings, seed, plan }) => ({
          id,
          label,
          settings,
          seed,
          steps: plan.steps,
        })),
      }),
    );
    return;
  }
  for (const { label, settings, seed, plan } of trials) {
    io.out(`${label}: ${describeSettings(settings)}, seed ${seed}, ${formatCountOf(plan.steps, "step")}`);
  }
  const steps = trials.reduce((sum, { plan }) => sum + plan.steps, 0);
  io.out(
    `${formatCountOf(trials.length, "run")}, ${formatCountOf(steps, "step")} in all, ${atOnce} at once${further(spec)}`,
  );
}

/** What follows depends on what these come to. */
function further({ halving, design, points, extend }: SweepSpec): string {
  if (halving) return ", then longer ones of the best";
  if (design === "gp") return `, then more, up to ${formatCountOf(points, "point")} for each optimizer`;
  return design === "grid" && extend > 0 ? `, and up to ${extend} values beyond an end that is best` : "";
}
