/** Throws `RangeError` unless `step` is 0, 1, 2, … */
export function expectStep(step: number): void {
  if (!(Number.isSafeInteger(step) && step >= 0)) {
    throw new RangeError(`step must be 0, 1, 2, …; got ${step}`);
  }
}
