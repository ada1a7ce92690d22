import { isNumber, type NumberRange } from "../core/expectNumbers.ts";
import { didYouMean } from "../core/nearestName.ts";
import type { Rate, Schedule } from "../core/schedules/schedule.ts";

/** An option of an optimizer: its default, what it means, and how a value is checked. */
export interface Option<T> {
  readonly kind: "number" | "rate" | "integer" | "boolean" | "choice" | "value";
  readonly default: T;
  /** Allowed values as a reader understands them: `≥ 0`, `[0, 1)`, `ema | sum`. */
  readonly range: string;
  readonly doc: string;
  /** The one method of the recipe that reads it, by name. Default: all methods do. */
  readonly of?: string;
  /** The value, or undefined when it is not allowed. */
  check(value: unknown): T | undefined;
}

export type OptionSpecs = Readonly<Record<string, Option<unknown>>>;

/** The values of a table of options. */
export type ValuesOf<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K] extends Option<infer T> ? T : never;
};

/** Thrown for an option that does not exist or a value that it cannot take. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

const number = (range: NumberRange, initial: number, doc: string): Option<number> => ({
  kind: "number",
  default: initial,
  range,
  doc,
  check: (v) => (isNumber(v, range) ? v : undefined),
});

/** A number ≥ 0. */
export function nonNegative(initial: number, doc: string): Option<number> {
  return number("≥ 0", initial, doc);
}

/** A number > 0. */
export function positive(initial: number, doc: string): Option<number> {
  return number("> 0", initial, doc);
}

/** A number in [0, 1): the weight of the past. */
export function pastWeight(initial: number, doc: string): Option<number> {
  return number("[0, 1)", initial, doc);
}

/** A number in [0, 1], both ends included. */
export function fraction(initial: number, doc: string): Option<number> {
  return number("[0, 1]", initial, doc);
}

/** A number in (0, 1]: a part of something, or all of it. */
export function share(initial: number, doc: string): Option<number> {
  return number("(0, 1]", initial, doc);
}

/** A learning rate: a number ≥ 0 or a schedule. */
export function rate(initial: number, doc: string): Option<Rate> {
  const check = (v: unknown): Rate | undefined =>
    typeof v === "function" ? (v as Schedule) : isNumber(v, "≥ 0") ? v : undefined;
  return { kind: "rate", default: initial, range: "≥ 0, or a schedule", doc, check };
}

/** A whole number ≥ `least`. */
export function integer(initial: number, least: number, doc: string): Option<number> {
  const check = (v: unknown): number | undefined =>
    typeof v === "number" && Number.isSafeInteger(v) && v >= least ? v : undefined;
  return { kind: "integer", default: initial, range: `whole, ≥ ${least}`, doc, check };
}

export function flag(initial: boolean, doc: string): Option<boolean> {
  const check = (v: unknown): boolean | undefined => (typeof v === "boolean" ? v : undefined);
  return { kind: "boolean", default: initial, range: "true | false", doc, check };
}

export function choice<const T extends string>(initial: T, choices: readonly T[], doc: string): Option<T> {
  const check = (v: unknown): T | undefined => choices.find((c) => c === v);
  return { kind: "choice", default: initial, range: choices.join(" | "), doc, check };
}

/** A value with a check of its own. */
export function value<T>(
  initial: T,
  range: string,
  doc: string,
  check: (v: unknown) => T | undefined,
): Option<T> {
  return { kind: "value", default: initial, range, doc, check };
}

/**
 * All options of a table: those given, checked, and the defaults of the rest. `undefined` means the default.
 * Throws `OptionError` for an unknown name (with the nearest one) or a value out of range.
 */
export function resolveOptions<S extends OptionSpecs>(
  owner: string,
  specs: S,
  given: Readonly<Record<string, unknown>>,
): ValuesOf<S> {
  const names = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      throw new OptionError(
        `${owner} has no option "${name}"${didYouMean(name, names)}; its options are ${names.join(", ")}`,
      );
    }
  }
  const resolved = names.map((name) => {
    const spec = specs[name];
    const chosen = given[name];
    if (spec === undefined || chosen === undefined) return [name, spec?.default] as const;
    const checked = spec.check(chosen);
    if (checked === undefined) {
      throw new OptionError(`${owner}: ${name} must be ${spec.range}, got ${show(chosen)} (${spec.doc})`);
    }
    return [name, checked] as const;
  });
  return Object.fromEntries(resolved) as ValuesOf<S>;
}

const show = (given: unknown): string =>
  typeof given === "number" ? String(given) : String(JSON.stringify(given) ?? given);
