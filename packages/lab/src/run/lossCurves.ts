import type { StepMetrics } from "../plan/runObserver.ts";
import type { LossCurves, PathPoint } from "./runResult.ts";

/** The curves in a run's metrics. */
export function lossCurves(metrics: readonly StepMetrics[]): LossCurves {
  const path = metrics.flatMap(({ x: [x, y] = [] }): PathPoint[] =>
    x === undefined || y === undefined ? [] : [[x, y]],
  );
  return {
    train: metrics.flatMap(({ step, seconds, loss }) => (loss === undefined ? [] : { step, seconds, loss })),
    validation: metrics.flatMap(({ step, seconds, valLoss, valAccuracy }) =>
      valLoss === undefined
        ? []
        : { step, seconds, loss: valLoss, ...(valAccuracy !== undefined && { accuracy: valAccuracy }) },
    ),
    ...(path.length > 0 && { path }),
  };
}
