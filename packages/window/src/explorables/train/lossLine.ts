import type { Line } from "../../chart/line.ts";
import type { SideView } from "./sideView.ts";

/** What a loss is drawn against. */
export type LossAxis = "step" | "seconds";

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
  look: { readonly key: string; readonly label: string; readonly colour: number },
  { axis, smooth }: { readonly axis: LossAxis; readonly smooth: number },
): Line {
  const mean = smoothed(view.losses, smooth);
  let passed = 0;
  const x =
    axis === "step"
      ? mean.map((_, i) => i + 1)
      : view.milliseconds.map((one) => {
          passed += one / 1000;
          return passed;
        });
  return { ...look, curve: { x, mean, min: mean, max: mean }, band: false };
}
