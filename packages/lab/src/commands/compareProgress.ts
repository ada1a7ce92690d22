import { formatDuration } from "../text/formatDuration.ts";
import { formatAccuracy, formatCount, formatLoss } from "../text/quantities.ts";
import { type Colours, plain } from "../text/terminalColours.ts";
import { pad, truncate } from "../text/visibleWidth.ts";

/** How far one optimizer is, all its seeds together. */
export interface OptimizerProgress {
  readonly label: string;
  readonly state: "waiting" | "running" | "done" | "stopped";
  /** Steps made, and to make, over all seeds. */
  readonly done: number;
  readonly steps: number;
  /** Of `done`, those that took none of `elapsedMs`: made before a comparison was stopped. */
  readonly doneBefore?: number;
  readonly trainLoss?: number;
  readonly valLoss?: number;
  /** Of classifiers, 0 to 1. */
  readonly valAccuracy?: number;
  readonly tokensPerSecond?: number;
  /** Default "tok/s". */
  readonly speedUnit?: string;
  /** Wall-clock time spent so far. */
  readonly elapsedMs: number;
}

/** Wall-clock seconds to go for one optimizer: at its own pace, else at the mean pace of the others; undefined when there is none. */
export function secondsLeft(one: OptimizerProgress, all: readonly OptimizerProgress[]): number | undefined {
  if (one.state === "done" || one.state === "stopped") return 0;
  const pace = paceOf(one) ?? mean(all.map(paceOf).filter((known) => known !== undefined));
  return pace === undefined ? undefined : ((one.steps - one.done) * pace) / 1000;
}

/** One line for each optimizer and one for the whole, none wider than `width`; `atOnce` runs share the time. */
export function progressLines(
  all: readonly OptimizerProgress[],
  width: number,
  colours: Colours = plain,
  atOnce = 1,
): string[] {
  const name = Math.min(
    Math.max(...all.map(({ label }) => [...label].length)),
    Math.max(6, Math.floor(width / 4)),
  );
  const left = all.map((one) => secondsLeft(one, all));
  const total = left.reduce<number | undefined>(
    (sum, s) => (sum === undefined || s === undefined ? undefined : sum + s / atOnce),
    0,
  );
  const elapsed = all.reduce((sum, one) => sum + one.elapsedMs, 0) / 1000 / atOnce;
  const running = all.some(({ state }) => state === "running" || state === "waiting");
  const summary = running
    ? `${formatDuration(elapsed)} so far${total === undefined ? "" : `, about ${formatDuration(total)} left`}`
    : `done in ${formatDuration(elapsed)}`;
  return [
    ...all.map((one) => progressLine(one, secondsLeft(one, all), name, width, colours)),
    colours.dim(truncate(summary, width)),
  ];
}

/** How far one is, in one line no wider than `width`; its name takes `name` columns. */
export function progressLine(
  one: OptimizerProgress,
  left: number | undefined,
  name: number,
  width: number,
  colours: Colours,
): string {
  const label = pad(truncate(one.label, name), name);
  if (one.state === "waiting" && one.done === 0)
    return colours.dim(`${label}  ${truncate("waiting", width - name - 2)}`);
  const fraction = one.steps > 0 ? Math.min(1, one.done / one.steps) : 0;
  const digits = formatCount(one.steps).length;
  const end =
    one.state === "running" ? (left === undefined ? "" : `${formatDuration(left)} left`) : one.state;
  // In the order they are given up when there is no room.
  const parts: [keep: number, text: string][] = [
    [1, pad(`${Math.floor(fraction * 100)} %`, 5, "right")],
    [6, pad(`${formatCount(one.done)}/${formatCount(one.steps)}`, 2 * digits + 1, "right")],
    [3, pad(one.trainLoss === undefined ? "" : `train ${formatLoss(one.trainLoss)}`, 12)],
    [2, pad(one.valLoss === undefined ? "" : `val ${formatLoss(one.valLoss)}`, 10)],
    ...(one.valAccuracy === undefined ? [] : [[2, formatAccuracy(one.valAccuracy)] as [number, string]]),
    [
      5,
      pad(
        one.tokensPerSecond === undefined
          ? ""
          : `${formatCount(Math.round(one.tokensPerSecond))} ${one.speedUnit ?? "tok/s"}`,
        13,
        "right",
      ),
    ],
    [4, end === "" ? "" : pad(end, 16)],
  ];
  const shown = new Set(parts);
  const taken = (): number => name + [...shown].reduce((sum, [, text]) => sum + 2 + [...text].length, 0);
  for (const part of [...parts].sort(([a], [b]) => b - a)) if (taken() > width) shown.delete(part);
  const bar = Math.min(24, width - taken() - 2);
  const style = one.state === "done" ? colours.green : one.state === "stopped" ? colours.red : colours.cyan;
  const pieces = [
    label,
    ...(bar >= 6 ? [drawBar(fraction, bar, style, colours)] : []),
    ...[...shown].map(([, text]) => text),
  ];
  return pieces.join("  ").trimEnd();
}

function drawBar(fraction: number, width: number, style: (text: string) => string, colours: Colours): string {
  const full = Math.round(fraction * width);
  return style("━".repeat(full)) + colours.dim("─".repeat(width - full));
}

const paceOf = ({ done, doneBefore = 0, elapsedMs }: OptimizerProgress): number | undefined =>
  done > doneBefore ? elapsedMs / (done - doneBefore) : undefined;
const mean = (values: readonly number[]): number | undefined =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
