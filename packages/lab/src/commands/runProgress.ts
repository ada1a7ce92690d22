import type { ExampleUnit, RunObserver, RunStart } from "../plan/runObserver.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { fitText } from "../text/fitText.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { LiveLines, type Screen } from "../text/liveLines.ts";
import { formatAccuracy, formatCount, formatLoss } from "../text/quantities.ts";
import { terminalColours } from "../text/terminalColours.ts";
import { type OptimizerProgress, progressLine, secondsLeft } from "./compareProgress.ts";

/** Lines of a run whose stderr is no terminal. */
const PLAIN_LINES = 20;
const REDRAW_MS = 120;

/**
 * Shows a run on stderr: what is trained and how, then, from the first step on, a line with losses, speed and the time left
 * that is redrawn in place, as in a comparison (before, Ctrl-C may end the process and leave the cursor hidden); where stderr is no terminal, about twenty lines. `done` leaves the last state standing; call it in any
 * case. After Ctrl-C nothing is redrawn.
 */
export function runProgress(
  io: CommandIo,
  screen: Screen & { readonly isTTY?: boolean } = process.stderr,
): RunObserver & { done(): void } {
  return io.interactive ? liveProgress(io, screen) : lineProgress(io);
}

function liveProgress({ signal }: CommandIo, screen: Screen & { readonly isTTY?: boolean }) {
  const live = new LiveLines(screen);
  const colours = terminalColours(screen);
  const say = (line: string): unknown => screen.write(`${fitText(line, live.width)}\n`);
  let tracker: Tracker | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  const lines = (): string[] => {
    const now = tracker?.progress();
    return now === undefined
      ? []
      : [progressLine(now, secondsLeft(now, [now]), now.label.length, live.width, colours)];
  };
  const done = (state: OptimizerProgress["state"]): void => {
    signal.removeEventListener("abort", stop);
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    tracker?.end(state);
    live.draw(lines());
    live.stop();
  };
  const stop = (): void => done("stopped");
  signal.addEventListener("abort", stop, { once: true });
  return {
    onPrepare: (line: string) =>
      timer === undefined ? say(line) : live.log(fitText(line, live.width), lines()),
    onStart(start: RunStart) {
      for (const line of startLines(start)) say(line);
      tracker = trackRun(start);
    },
    onEval: (evaluation) => tracker?.onEval?.(evaluation),
    onStep(metrics) {
      tracker?.onStep?.(metrics);
      if (timer !== undefined || signal.aborted) return;
      timer = setInterval(() => live.draw(lines()), REDRAW_MS);
      timer.unref();
      live.draw(lines());
    },
    done: () => done("done"),
  } satisfies RunObserver & { done(): void };
}

function lineProgress(io: CommandIo): RunObserver & { done(): void } {
  let tracker: Tracker | undefined;
  return {
    onStart(start) {
      tracker = trackRun(start);
      for (const line of startLines(start)) io.err(line);
    },
    onPrepare: (line) => io.err(line),
    onEval: (evaluation) => tracker?.onEval?.(evaluation),
    onStep(metrics) {
      tracker?.onStep?.(metrics);
      const now = tracker?.progress();
      if (now === undefined) return;
      const { step } = metrics;
      if (step % Math.max(1, Math.floor(now.steps / PLAIN_LINES)) !== 0 && step !== now.steps) return;
      io.err(plainLine(now));
    },
    done() {},
  };
}

function plainLine(now: OptimizerProgress): string {
  const { done, steps, trainLoss, valLoss, valAccuracy, tokensPerSecond, speedUnit } = now;
  const accuracy = valAccuracy === undefined ? "" : ` (${formatAccuracy(valAccuracy)})`;
  return [
    `step ${formatCount(done)}/${formatCount(steps)}`,
    `train ${formatLoss(trainLoss)}`,
    ...(valLoss === undefined ? [] : [`val ${formatLoss(valLoss)}${accuracy}`]),
    ...(tokensPerSecond === undefined ? [] : [`${formatCount(tokensPerSecond)} ${speedUnit}`]),
    `${formatDuration(secondsLeft(now, [now]))} left`,
  ].join(", ");
}

function startLines({ about, fromStep, runDir }: RunStart): string[] {
  const from = fromStep === 0 ? "" : `, from step ${formatCount(fromStep)}`;
  return [...about, `folder     ${runDir}${from}`];
}

type Tracker = RunObserver & { progress(): OptimizerProgress; end(state: OptimizerProgress["state"]): void };

const speedUnits: Readonly<Record<ExampleUnit, string>> = {
  tokens: "tok/s",
  images: "img/s",
  evaluations: "/s",
};

/** Follows a run. Its pace is by the wall clock, validations included; the first step compiles and does not count. */
function trackRun({ fromStep, steps, tokensPerStep, unit }: RunStart): Tracker {
  let now: OptimizerProgress = {
    label: "training",
    state: "running",
    done: fromStep,
    doneBefore: fromStep,
    steps,
    elapsedMs: 0,
    speedUnit: speedUnits[unit],
  };
  let began: number | undefined;
  const elapsed = (): number => (began === undefined ? 0 : performance.now() - began);
  return {
    onEval({ step, valLoss, valAccuracy }) {
      if (step === 0) return; // beside the losses of later steps it would look like theirs
      now = { ...now, valLoss, ...(valAccuracy !== undefined && { valAccuracy }) };
    },
    onStep({ step, loss }) {
      const first = began === undefined;
      began ??= performance.now();
      now = {
        ...now,
        done: step,
        ...(first && { doneBefore: step }),
        ...(loss !== undefined && { trainLoss: loss }),
        ...(!first && {
          tokensPerSecond: (1000 * tokensPerStep * (step - (now.doneBefore ?? 0))) / elapsed(),
        }),
      };
    },
    end(state) {
      now = { ...now, state: state === "done" && now.done < now.steps ? "stopped" : state };
    },
    progress: () => ({ ...now, elapsedMs: elapsed() }),
  };
}
