import type { CompareObserver } from "../compare/compareObserver.ts";
import type { PlannedRun } from "../compare/planComparison.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { LiveLines, type Screen } from "../text/liveLines.ts";
import { formatAccuracy, formatCount, formatCountOf, formatLoss } from "../text/quantities.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { progressLines, secondsLeft } from "./compareProgress.ts";
import { compareTracker } from "./compareTracker.ts";

const REDRAW_MS = 120;
const PLAIN_LINES = 5; // of each run

interface DisplayOptions {
  /** Runs on their way at the same time. */
  readonly atOnce?: number;
  readonly screen?: Screen & { readonly isTTY?: boolean };
}

/**
 * Shows a comparison on stderr while it runs: a line for each optimizer, redrawn in place, where stderr is a terminal;
 * else a few plain lines for each run. `done` leaves the last state standing; call it in any case. After Ctrl-C nothing
 * is redrawn, so that what others write stays readable.
 */
export function compareDisplay(
  planned: readonly PlannedRun[],
  io: CommandIo,
  { atOnce = 1, screen = process.stderr }: DisplayOptions = {},
): { observer: CompareObserver; done(): void } {
  return io.interactive ? liveDisplay(planned, io, atOnce, screen) : plainDisplay(planned, io, atOnce);
}

function liveDisplay(
  planned: readonly PlannedRun[],
  { signal }: CommandIo,
  atOnce: number,
  screen: Screen & { readonly isTTY?: boolean },
) {
  const { observer, progress } = compareTracker(planned);
  const colours = terminalColours(screen);
  const live = new LiveLines(screen);
  const lines = (): string[] => progressLines(progress(), live.width, colours, atOnce);
  const draw = (): void => live.draw(lines());
  const timer = setInterval(draw, REDRAW_MS);
  timer.unref();
  let stopped = false;
  const stop = (): void => {
    if (stopped) return;
    stopped = true;
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    draw();
    live.stop();
  };
  signal.addEventListener("abort", stop, { once: true });
  draw();
  const shown: CompareObserver = {
    ...observer,
    onPrepare: (run, line) => live.log(`${run.label} with seed ${run.plan.seed}: ${line}`, lines()),
  };
  return { observer: shown, done: stop };
}

function plainDisplay(planned: readonly PlannedRun[], io: CommandIo, atOnce: number) {
  const { observer, progress } = compareTracker(planned);
  const numbers = new Map(
    planned.map((run, i) => [run, `run ${i + 1} of ${planned.length}, ${run.label} seed ${run.plan.seed}`]),
  );
  const shown: CompareObserver = {
    ...observer,
    onPrepare: (run, line) => io.err(`${numbers.get(run)}: ${line}`),
    onRunKept(run, row) {
      observer.onRunKept?.(run, row);
      io.err(`${numbers.get(run)}: kept, ${row.status} before`);
    },
    onRunStart(run) {
      observer.onRunStart?.(run);
      io.err(`${numbers.get(run)}: ${formatCountOf(run.plan.steps, "step")}`);
    },
    onStep(run, line, tokensPerStep) {
      observer.onStep?.(run, line, tokensPerStep);
      const every = Math.max(1, Math.ceil(run.plan.steps / PLAIN_LINES));
      if (line.step % every !== 0 || line.step === run.plan.steps) return;
      const all = progress();
      const left = all.reduce((sum, one) => sum + (secondsLeft(one, all) ?? 0), 0) / atOnce;
      const validation = all.find(({ label }) => label === run.label)?.valLoss;
      io.err(
        `${numbers.get(run)}: step ${formatCount(line.step)}/${formatCount(run.plan.steps)}, ` +
          `train ${formatLoss(line.loss)}, val ${formatLoss(validation)}, ${formatDuration(left)} left in all`,
      );
    },
    onRunEnd(run, row) {
      observer.onRunEnd?.(run, row);
      const how =
        row.status === "finished"
          ? `train ${formatLoss(row.trainLoss)}, val ${formatLoss(row.valLoss)}` +
            (typeof row.valAccuracy === "number" ? `, accuracy ${formatAccuracy(row.valAccuracy)}` : "")
          : row.status === "interrupted"
            ? row.steps === 0
              ? "it begins again"
              : `saved at step ${formatCount(row.steps)}`
            : row.error;
      io.err(`${numbers.get(run)}: ${row.status}, ${how}`);
    },
  };
  return { observer: shown, done: () => {} };
}
