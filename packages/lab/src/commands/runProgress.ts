import cliProgress from "cli-progress";
import color from "picocolors";
import type { RunObserver, RunStart } from "../plan/runObserver.ts";
import type { CommandIo } from "../text/commandIo.ts";
import { formatDuration } from "../text/formatDuration.ts";
import { formatAccuracy, formatCount, formatLoss } from "../text/quantities.ts";

/** Lines of a run whose stderr is no terminal. */
const PLAIN_LINES = 20;

/**
 * Shows a run on stderr: a bar with losses, speed and the time left where stderr is a terminal, else about
 * twenty lines. `done` removes the bar; call it in any case.
 */
export function runProgress(io: CommandIo): RunObserver & { done(): void } {
  return io.interactive ? barProgress() : lineProgress(io);
}

function barProgress(): RunObserver & { done(): void } {
  const bar = new cliProgress.SingleBar({
    format: `${color.cyan("{bar}")} {value}/{total}  loss {loss}  val ${color.bold("{val}")}  {speed}  {left} left`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // the command handles Ctrl-C itself
    stream: process.stderr,
  });
  const shown = { loss: "…", val: "…", speed: "…", left: "…" };
  let start: RunStart | undefined;
  let timer: StepTimer | undefined;
  return {
    onStart(started) {
      start = started;
      timer = stepTimer(started);
      for (const line of startLines(started)) process.stderr.write(`${line}\n`);
      bar.start(started.steps, started.fromStep, shown);
    },
    onPrepare: (line) => process.stderr.write(`${line}\n`),
    onEval({ valLoss, valAccuracy }) {
      shown.val = validation(valLoss, valAccuracy);
      bar.update(shown);
    },
    onStep({ step, loss }) {
      if (start === undefined || timer === undefined) return;
      const { msPerStep, secondsLeft } = timer.step(step);
      shown.loss = formatLoss(loss);
      shown.speed = speed(start, msPerStep);
      shown.left = formatDuration(secondsLeft);
      bar.update(step, shown);
    },
    done: () => bar.stop(),
  };
}

function lineProgress(io: CommandIo): RunObserver & { done(): void } {
  let start: RunStart | undefined;
  let timer: StepTimer | undefined;
  return {
    onStart(started) {
      start = started;
      timer = stepTimer(started);
      for (const line of startLines(started)) io.err(line);
    },
    onPrepare: (line) => io.err(line),
    onStep({ step, loss, valLoss, valAccuracy }) {
      if (start === undefined || timer === undefined) return;
      const { msPerStep, secondsLeft } = timer.step(step);
      const every = Math.max(1, Math.floor(start.steps / PLAIN_LINES));
      if (step % every !== 0 && step !== start.steps) return;
      const val = valLoss === undefined ? "" : `  val ${validation(valLoss, valAccuracy)}`;
      io.err(
        `step ${step}/${start.steps}  loss ${formatLoss(loss)}${val}  ` +
          `${speed(start, msPerStep)}  ${formatDuration(secondsLeft)} left`,
      );
    },
    done() {},
  };
}

function startLines({ about, fromStep, runDir }: RunStart): string[] {
  const from = fromStep === 0 ? "" : `, from step ${fromStep}`;
  return [...about, `folder     ${runDir}${from}`];
}

const validation = (loss: number, accuracy: number | undefined): string =>
  `${formatLoss(loss)}${accuracy === undefined ? "" : ` (${formatAccuracy(accuracy)})`}`;

const speed = ({ tokensPerStep, unit }: RunStart, msPerStep: number): string =>
  `${formatCount((1000 * tokensPerStep) / msPerStep)} ${unit}/s`;

interface StepTimer {
  step(step: number): { msPerStep: number; secondsLeft: number };
}

/** Speed by the wall clock, validations included, over the steps so far; the first one compiles and does not count. */
function stepTimer({ fromStep, steps }: RunStart): StepTimer {
  let began = performance.now();
  return {
    step(step) {
      const now = performance.now();
      const made = step - fromStep;
      const msPerStep = (now - began) / Math.max(1, made - 1);
      if (made <= 1) began = now;
      return { msPerStep, secondsLeft: (msPerStep * (steps - step)) / 1000 };
    },
  };
}
