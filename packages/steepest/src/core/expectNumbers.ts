const fits = {
  "≥ 0": (x: number) => x >= 0,
  "> 0": (x: number) => x > 0,
  "[0, 1)": (x: number) => x >= 0 && x < 1,
  "[0, 1]": (x: number) => x >= 0 && x <= 1,
  "(0, 1]": (x: number) => x > 0 && x <= 1,
  "a number": () => true,
};

/** A range as a reader understands it. */
export type NumberRange = keyof typeof fits;

/** Whether a value is a number of that range, finite in float32 too, where 1e39 is Infinity. */
export const isNumber = (value: unknown, range: NumberRange): value is number =>
  typeof value === "number" && Number.isFinite(Math.fround(value)) && fits[range](value);

/** Throws where one of the named values is no number of the range, `ema: beta must be in [0, 1), got NaN`. */
export function expectNumbers(
  owner: string,
  values: Readonly<Record<string, unknown>>,
  range: NumberRange,
): void {
  for (const [name, value] of Object.entries(values))
    if (!isNumber(value, range))
      throw new RangeError(
        `${owner}: ${name} must be ${range.includes(",") ? "in " : ""}${range}, got ${String(value)}`,
      );
}

/** The same for whole numbers from `least` on. */
export function expectWhole(owner: string, values: Readonly<Record<string, unknown>>, least: number): void {
  for (const [name, value] of Object.entries(values))
    if (!(Number.isSafeInteger(value) && Number(value) >= least))
      throw new RangeError(`${owner}: ${name} must be a whole number ≥ ${least}, got ${String(value)}`);
}
