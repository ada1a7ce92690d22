import type { Line } from "../../chart/line.ts";
import { isRead } from "./engine/sample.ts";
import type { SideView } from "./sideView.ts";

/** What a loss is drawn against. */
export type LossAxis = "step" | "seconds";

/** What tells a curve from others. */
export interface Look {
  readonly key: string;
  readonly label: string;
  readonly colour: number;
}

/** The exponential mean of values with its start corrected; `momentum` 0 changes nothing. */
export function smoothed(values: readonly number[], momentum: number): number[] {
  let [mean, weight] = [0, 0];
  return values.map((value) => {
    mean = momentum * mean + (1 - momentum) * value;
    weight = momentum * weight + (1 - momentum);
    return mean / weight;
  });
}

/** The loss of a side as a curve. Seconds are those of its own steps: nothing else is counted. */
export function lossLine(
  view: SideView,
  look: Look,
  { axis, smooth }: { readonly axis: LossAxis; readonly smooth: number },
): Line {
  const mean = smoothed(view.losses, smooth);
  const x = axis === "step" ? mean.map((_, i) => i + 1) : secondsOf(view);
  return { ...look, curve: { x, mean, min: mean, max: mean }, band: false };
}

/** Right answers of a side in percent, a point for each time it was tried. */
export function accuracyLine(view: SideView, look: Look, axis: LossAxis): Line {
  const tried = view.samples.filter(isRead).sort((a, b) => a.step - b.step);
  const seconds = secondsOf(view);
  const mean = tried.map(({ accuracy }) => 100 * accuracy);
  const x = tried.map(({ step }) => (axis === "step" ? step : (seconds[step - 1] ?? 0)));
  return { ...look, curve: { x, mean, min: mean, max: mean }, band: false, points: true };
}

/** Of its own steps, after each of them. */
function secondsOf({ milliseconds }: SideView): number[] {
  let passed = 0;
  return milliseconds.map((one) => {
    passed += one / 1000;
    return passed;
  });
}
