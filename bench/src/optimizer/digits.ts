/** The number with four digits. */
export const digits = (value: number): number => Number(value.toPrecision(4));
