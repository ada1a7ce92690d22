import type { SweepObserver } from "../sweep/runSweep.ts";
import { describeSettings, type Trial } from "../sweep/trial.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { formatCountOf, formatLoss } from "../text/quantities.ts";

/**
 * A line on stderr for each run that has ended, with the time left for those that are called for by now. `makers`: runs at once, or
 * in words who makes them.
 */
export function sweepProgress(makers: number | string, io: CommandIo): SweepObserver {
  const began = performance.now();
  let called = 0;
  let ended = 0;
  let stepsLeft = 0;
  let stepsMade = 0;
  return {
    onRound(trials, known) {
      called += trials.length;
      stepsLeft += trials.reduce((sum, { plan }) => sum + plan.steps, 0);
      if (known > 0) io.err(formatCountOf(known, "run is kept as it is", "runs are kept as they are"));
      if (trials.length === 0) return;
      const [first] = trials;
      const length =
        new Set(trials.map(({ share }) => share)).size === 1 && first !== undefined && first.share < 1;
      const by = typeof makers === "number" ? `${Math.min(makers, trials.length)} at once` : makers;
      io.err(
        `${formatCountOf(trials.length, "run")} to make, ${by}` +
          (length ? `, each of ${formatCountOf(first.plan.steps, "step")}` : ""),
      );
    },
    onTrialEnd(trial, row) {
      if (row.status === "interrupted") {
        io.err(`${describe(trial)}: saved at step ${row.steps}`);
        return;
      }
      ended++;
      stepsMade += trial.plan.steps;
      stepsLeft -= trial.plan.steps;
      const pace = (performance.now() - began) / 1000 / stepsMade;
      const left = stepsLeft > 0 ? `, about ${formatDuration(pace * stepsLeft)} left` : "";
      const how =
        row.status === "finished"
          ? `val ${formatLoss(row.valLoss)}`
          : `${row.status}${row.error ? `, ${row.error}` : ""}`;
      io.err(`run ${ended} of ${called}, ${describe(trial)}: ${how}${left}`);
    },
  };
}

const describe = ({ label, settings, seed }: Trial): string =>
  [label, describeSettings(settings), `seed ${seed}`].filter(Boolean).join(", ");
