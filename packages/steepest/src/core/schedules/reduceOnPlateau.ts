export interface ReduceOnPlateauOptions {
  /** What the scale is multiplied by on a plateau, in (0, 1). Default 0.1. */
  factor?: number;
  /** Observations without improvement that are borne; the next one reduces. Whole, ≥ 0. Default 10. */
  patience?: number;
  /** An improvement is below best − threshold·|best|. ≥ 0. Default 1e-4. */
  threshold?: number;
  /** Observations after a reduction that are not counted. Whole, ≥ 0. Default 0. */
  cooldown?: number;
  /** The least scale, ≥ 0. Default 0. */
  least?: number;
}

/** What a controller has seen, as plain numbers: it can be saved with the training state. */
export interface PlateauState {
  /** What all learning rates are multiplied by. */
  readonly scale: number;
  /** The least loss so far; Infinity before the first. */
  readonly best: number;
  /** Observations in a row that were no improvement. */
  readonly bad: number;
  /** Observations still not counted. */
  readonly waiting: number;
}

export interface Plateau {
  /** What all learning rates are to be multiplied by now: hand it to the step as `learningRateScale`. */
  readonly scale: number;
  readonly state: PlateauState;
  /** Takes a loss, usually of held-out data and averaged, and returns the scale from now on. NaN is no improvement. */
  observe(loss: number): number;
}

/**
 * Multiplies the learning rate by `factor` whenever a loss has not improved for more than `patience` observations. It
 * decides outside the compiled step, from numbers that were read; the scale enters the step as an input, so that
 * nothing recompiles. Semantics of torch.optim's ReduceLROnPlateau, mode "min" with a relative threshold.
 *
 * Pass a saved `state` to go on from it.
 */
export function reduceOnPlateau(
  { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, least = 0 }: ReduceOnPlateauOptions = {},
  saved: PlateauState = { scale: 1, best: Number.POSITIVE_INFINITY, bad: 0, waiting: 0 },
): Plateau {
  expect("factor", factor, "in (0, 1)", factor > 0 && factor < 1);
  expect("patience", patience, "whole, ≥ 0", Number.isSafeInteger(patience) && patience >= 0);
  expect("threshold", threshold, "≥ 0", threshold >= 0 && Number.isFinite(threshold));
  expect("cooldown", cooldown, "whole, ≥ 0", Number.isSafeInteger(cooldown) && cooldown >= 0);
  expect("least", least, "≥ 0", least >= 0 && Number.isFinite(least));
  let state = saved;
  return {
    get scale() {
      return state.scale;
    },
    get state() {
      return state;
    },
    observe(loss) {
      let { scale, best, bad, waiting } = state;
      const bound = Number.isFinite(best) ? best - threshold * Math.abs(best) : best;
      if (loss < bound) [best, bad] = [loss, 0];
      else bad += 1;
      if (waiting > 0) [bad, waiting] = [0, waiting - 1];
      if (bad > patience) {
        scale = Math.max(scale * factor, least);
        [bad, waiting] = [0, cooldown];
      }
      state = { scale, best, bad, waiting };
      return scale;
    },
  };
}

function expect(name: string, value: number, range: string, holds: boolean): void {
  if (!holds) throw new RangeError(`reduceOnPlateau: ${name} must be ${range}, got ${value}`);
}
