/** Throws `RangeError` unless `value` is 1, 2, 3, … */
export function expectPositive(name: string, value: number): void {
  if (!(Number.isSafeInteger(value) && value > 0)) {
    throw new RangeError(`${name} must be a positive integer; got ${value}`);
  }
}
