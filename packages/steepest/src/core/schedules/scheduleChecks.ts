import { expectNumbers, isNumber } from "../expectNumbers.ts";
import type { Schedule } from "./schedule.ts";

/** Throws where `value` is no finite number ≥ `least`. */
export function expectSteps(schedule: string, name: string, value: number, least: number): void {
  if (!isNumber(value, "≥ 0") || value < least) {
    throw new RangeError(`${schedule}: ${name} must be a number of steps ≥ ${least}, got ${value}`);
  }
}

/** Throws where `value` is not in [0, 1]. */
export function expectShare(schedule: string, name: string, value: number): void {
  expectNumbers(schedule, { [name]: value }, "[0, 1]");
}

/** Throws where `value` is no factor of a rate: a finite number ≥ 0. */
export function expectFactor(schedule: string, name: string, value: number): void {
  if (!isNumber(value, "≥ 0"))
    throw new RangeError(`${schedule}: ${name} must be a finite number ≥ 0, got ${value}`);
}

/** Throws for what is no schedule, as a number is not. */
export function expectSchedule(owner: string, name: string, value: Schedule): void {
  if (typeof value !== "function")
    throw new TypeError(
      `${owner}: ${name} must be a schedule, a function of the step such as cosine({ steps: 1000 }), got ${value}`,
    );
}

/** What an object keyed by steps says, from the first step on. Throws for keys that are no steps, and where there are none. */
export function readSteps<T>(
  schedule: string,
  given: Readonly<Record<number, T>>,
): [step: number, value: T][] {
  const entries = Object.entries(given).map(([key, value]): [number, T] => {
    const step = Number(key);
    if (!Number.isSafeInteger(step) || step < 0)
      throw new RangeError(`${schedule}: "${key}" is no step; keys must be whole numbers ≥ 0`);
    return [step, value];
  });
  if (entries.length === 0) throw new RangeError(`${schedule}: it needs a value for at least one step`);
  return entries.sort(([a], [b]) => a - b);
}
