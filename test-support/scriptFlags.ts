import { parseArgs } from "node:util";

/** What a script takes: whole numbers ≥ 0 and texts by their defaults, switches by `false`. */
type Defaults = Readonly<Record<string, number | string | boolean>>;
type Flags<D extends Defaults> = {
  readonly [K in keyof D]: D[K] extends number ? number : D[K] extends string ? string : boolean;
};

/**
 * The flags of a script of this repository. `--help` prints `usage` and ends the process; a flag that is not there or has a wrong
 * value is a sentence with `usage`, and exit code 2.
 */
export function scriptFlags<const D extends Defaults>(usage: string, defaults: D): Flags<D> {
  const given = parse(usage, defaults);
  if (given.help === true) {
    console.log(`usage: ${usage}`);
    process.exit(0);
  }
  const read = ([name, otherwise]: [string, Defaults[string]]): [string, Defaults[string]] => {
    const text = given[name];
    if (text === undefined) return [name, otherwise];
    if (typeof otherwise !== "number") return [name, text];
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < 0)
      refuse(usage, `--${name} must be a whole number ≥ 0, got "${text}"`);
    return [name, value];
  };
  return Object.fromEntries(Object.entries(defaults).map(read)) as Flags<D>;
}

function parse(usage: string, defaults: Defaults): Readonly<Record<string, string | boolean | undefined>> {
  const options = Object.fromEntries(
    Object.entries({ ...defaults, help: false }).map(([name, otherwise]) => [
      name,
      { type: typeof otherwise === "boolean" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    return parseArgs({ options }).values as Record<string, string | boolean | undefined>;
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error));
  }
}

function refuse(usage: string, sentence: string): never {
  console.error(`error: ${sentence}\nusage: ${usage}`);
  process.exit(2);
}
