import type { DiagnosticName } from "../../plan/watch/diagnostics.ts";

/** A chart of some numbers of a diagnostic over the steps. */
export interface WatchChart {
  readonly diagnostic: DiagnosticName;
  readonly title: string;
  /** One: a line for each role or optimizer. Several: a line for each of them, of all layers together. */
  readonly metrics: readonly [string, ...string[]];
  /** A height to compare with, drawn across. */
  readonly mark?: number;
}

/** The charts of a report, those that have numbers, in this order. */
export const watchCharts: readonly WatchChart[] = [
  { diagnostic: "grad", title: "gradient norm", metrics: ["norm"] },
  { diagnostic: "snr", title: "variance of the gradient", metrics: ["variance"] },
  { diagnostic: "snr", title: "signal-to-noise ratio", metrics: ["snr"], mark: 1 },
  { diagnostic: "dual", title: "dual norm of the estimator", metrics: ["dual"] },
  { diagnostic: "dual", title: "clipping: compared, threshold", metrics: ["compared", "threshold"] },
  { diagnostic: "gap", title: "Wolfe gap", metrics: ["gap"] },
  { diagnostic: "norms", title: "share of the bound used", metrics: ["used"], mark: 1 },
  { diagnostic: "norms", title: "RMS of weights", metrics: ["weightRms"] },
  { diagnostic: "norms", title: "RMS of updates", metrics: ["updateRms"] },
  {
    diagnostic: "smoothness",
    title: "how much the step lowered the batch's loss",
    metrics: ["descent", "linearDescent", "leastDescent"],
  },
  { diagnostic: "smoothness", title: "gradient's change over step, Λ", metrics: ["ratio"] },
  { diagnostic: "spectra", title: "stable rank of weights", metrics: ["weightStableRank"] },
  { diagnostic: "spectra", title: "effective rank of updates", metrics: ["updateEffectiveRank"] },
  { diagnostic: "spectra", title: "effective rank of momentum", metrics: ["momentumEffectiveRank"] },
  { diagnostic: "geodesic", title: "to the update before: oblique", metrics: ["oblique"] },
  { diagnostic: "geodesic", title: "to the update before: sphere", metrics: ["sphere"] },
  { diagnostic: "geodesic", title: "to the update before: Stiefel", metrics: ["stiefel"] },
  { diagnostic: "angle", title: "angular update, radians", metrics: ["angle"] },
  { diagnostic: "features", title: "hidden vectors, RMS", metrics: ["hidden"] },
  { diagnostic: "features", title: "their change by a step, RMS", metrics: ["change"] },
  { diagnostic: "features", title: "‖W‖ from RMS to RMS", metrics: ["weight"] },
  { diagnostic: "features", title: "‖ΔW‖ from RMS to RMS", metrics: ["update"] },
];
