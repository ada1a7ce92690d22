import { describeOptimizer, type Family, type OptimizerName, optimizerNames } from "steepest";
import { measurementOf } from "../../plan/rates/measurement.ts";
import { formatLoss, formatMs, formatRatio } from "../../text/quantities.ts";

/** A row of the table: formulas, and beside them what was measured. A dash where nothing was. */
export interface SpectrumRow {
  readonly name: OptimizerName;
  readonly geometry: string;
  readonly computation: string;
  /** Floats of state by formula. */
  readonly formula: string;
  /** Floats of state per parameter, measured. */
  readonly state: string;
  readonly ms: string;
  readonly loss: string;
}

/** The rows of a family, in the order of the catalogue. */
export function spectrumRows(family: Family): SpectrumRow[] {
  return optimizerNames()
    .filter((name) => describeOptimizer(name).family === family)
    .map((name) => {
      const { geometry, computation, state: formula } = describeOptimizer(name);
      const measured = measurementOf(name);
      return {
        name,
        geometry,
        computation,
        formula,
        state: formatRatio(measured?.stateFloatsPerParameter),
        ms: formatMs(measured?.msPerStep),
        loss: formatLoss(measured?.valLoss),
      };
    });
}
