import type { DiagnosticName } from "../plan/watch/diagnostics.ts";
import type { Measure } from "./measure.ts";
import { angleMeasure } from "./measures/angle.ts";
import { dualMeasure } from "./measures/dual.ts";
import { featuresMeasure } from "./measures/features.ts";
import { gapMeasure } from "./measures/gap.ts";
import { geodesicMeasure } from "./measures/geodesic.ts";
import { gradMeasure } from "./measures/grad.ts";
import { normsMeasure } from "./measures/norms.ts";
import { smoothnessMeasure } from "./measures/smoothness.ts";
import { snrMeasure } from "./measures/snr.ts";
import { spectraMeasure } from "./measures/spectra.ts";
import type { RunToWatch } from "./runToWatch.ts";
import type { WatchLine } from "./watchLine.ts";

/** Makes each diagnostic of a run; `earlier` are the lines of a run that goes on. */
export const measures: Readonly<
  Record<DiagnosticName, (run: RunToWatch, earlier: readonly WatchLine[]) => Measure>
> = {
  grad: ({ layers }) => gradMeasure(layers),
  dual: dualMeasure,
  norms: normsMeasure,
  gap: gapMeasure,
  smoothness: smoothnessMeasure,
  spectra: spectraMeasure,
  snr: snrMeasure,
  geodesic: geodesicMeasure,
  angle: angleMeasure,
  features: featuresMeasure,
};
