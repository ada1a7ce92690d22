/** Throws `RangeError` unless `value` is 1, 2, 3, … */
export function expectPositive(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value > 0)) {
    throw new RangeError(`${name} must be a positive integer; got ${value}`);
  }
}

/** Throws `RangeError` unless `step` is 0, 1, 2, … */
export function expectStep(step: number): void {
  if (!(Number.isSafeInteger(step) && step >= 0)) {
    throw new RangeError(`step must be 0, 1, 2, …; got ${step}`);
  }
}
