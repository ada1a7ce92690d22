import { didYouMean } from "steepest";
import { DataError } from "../dataError.ts";

/** A part of a `tokenizer.json`: its `type` and settings, as they were parsed. */
export type Part = Readonly<Record<string, unknown>>;

export const isPart = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A file that is not what it should be. */
export const damaged = (what: string): DataError =>
  new DataError("damaged", `this tokenizer.json cannot be used: ${what}; get it again, or give another`);

/** A sound file with something that is not done here as the reference library does it. */
export const unsupported = (what: string): DataError =>
  new DataError(
    "unsupported",
    `this tokenizer.json has ${what}, which is not read here and would give other tokens: ` +
      "tokenise with the library it was made for (token shards are read), or give another",
  );

/** The parts of one kind by their `type`. */
export type PartTable<T> = Readonly<Record<string, (settings: PartSettings) => T>>;

/** Makes what a part says. Throws for a type that is not in the table. */
export function readPart<T>(kind: string, part: unknown, table: PartTable<T>): T {
  if (!isPart(part)) throw damaged(`a ${kind} is ${JSON.stringify(part)}, not an object`);
  const type = part["type"];
  if (typeof type !== "string") throw damaged(`a ${kind} has no type`);
  const make = Object.hasOwn(table, type) ? table[type] : undefined;
  if (make === undefined) {
    const known = Object.keys(table);
    throw unsupported(
      `the ${kind} ${JSON.stringify(type)}${didYouMean(type, known)} (read are ${known.join(", ")})`,
    );
  }
  const settings = new PartSettings(`${kind} ${type}`, part);
  const made = make(settings);
  settings.done();
  return made;
}

/** The settings of one part, checked as they are read; `done` refuses those that nobody asked for. */
export class PartSettings {
  readonly #where: string;
  readonly #part: Part;
  readonly #asked = new Set(["type"]);

  constructor(where: string, part: Part) {
    this.#where = where;
    this.#part = part;
  }

  /** The value as it is; `null` counts as absent. */
  value(name: string): unknown {
    this.#asked.add(name);
    return this.#part[name] ?? undefined;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name) ?? otherwise;
    return typeof value === "boolean" ? value : this.#wrong(name, value, "true or false");
  }

  text(name: string, otherwise?: string): string {
    const value = this.value(name) ?? otherwise;
    return typeof value === "string" ? value : this.#wrong(name, value, "a string");
  }

  /** A string or nothing. */
  optional(name: string): string | undefined {
    return this.value(name) === undefined ? undefined : this.text(name);
  }

  /** One character. */
  character(name: string, otherwise?: string): string {
    const value = this.text(name, otherwise);
    return [...value].length === 1 ? value : this.#wrong(name, value, "one character");
  }

  count(name: string, otherwise?: number): number {
    const value = this.value(name) ?? otherwise;
    return typeof value === "number" && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.#wrong(name, value, "0, 1, 2, …");
  }

  choice<T extends string>(name: string, choices: readonly T[], otherwise?: T): T {
    const value = this.text(name, otherwise);
    return choices.find((choice) => choice === value) ?? this.#wrong(name, value, choices.join(", "));
  }

  list(name: string): readonly unknown[] {
    const value = this.value(name);
    return Array.isArray(value) ? value : this.#wrong(name, value, "a list");
  }

  /** To be called when all known settings were asked for. */
  done(): void {
    const unknown = Object.keys(this.#part).find(
      (name) => !this.#asked.has(name) && this.#part[name] !== null,
    );
    if (unknown !== undefined)
      throw unsupported(`a setting ${JSON.stringify(unknown)} of its ${this.#where}`);
  }

  #wrong(name: string, value: unknown, expected: string): never {
    const got = value === undefined ? "nothing" : JSON.stringify(value);
    throw damaged(`${JSON.stringify(name)} of its ${this.#where} is ${got}, expected ${expected}`);
  }
}
