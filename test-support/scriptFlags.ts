import { parseArgs } from "node:util";

import { didYouMean } from "../packages/steepest/src/core/nearestName.ts";

/** What a script takes: whole numbers ≥ 0 and texts by their defaults, switches by `false`; names without a flag by all there are. */
type Default = number | string | boolean | readonly string[];
type Defaults = Readonly<Record<string, Default>>;
type Flags<D extends Defaults> = {
  readonly [K in keyof D]: D[K] extends number
    ? number
    : D[K] extends string
      ? string
      : D[K] extends boolean
        ? boolean
        : readonly string[];
};

/**
 * The flags of a script of this repository. `--help` prints `usage` and ends the process; a flag or a name that is not there, or a
 * wrong value, is a sentence with `usage`, and exit code 2.
 */
export function scriptFlags<const D extends Defaults>(usage: string, defaults: D): Flags<D> {
  const { values: given, positionals } = parse(usage, defaults);
  if (given.help === true) {
    console.log(`usage: ${usage}`);
    process.exit(0);
  }
  const read = ([name, otherwise]: [string, Default]): [string, Default | readonly string[]] => {
    if (typeof otherwise === "object") {
      const stray = positionals.find((one) => !otherwise.includes(one));
      if (stray !== undefined)
        refuse(usage, `there is no ${JSON.stringify(stray)}${didYouMean(stray, otherwise)}`);
      return [name, positionals];
    }
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

interface Given {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

function parse(usage: string, defaults: Defaults): Given {
  const flags = Object.entries({ ...defaults, help: false }).filter(
    ([, otherwise]) => typeof otherwise !== "object",
  );
  const options = Object.fromEntries(
    flags.map(([name, otherwise]) => [
      name,
      { type: typeof otherwise === "boolean" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const stray = process.argv
    .slice(2)
    .flatMap((word) => /^--([^=]+)/.exec(word)?.[1] ?? [])
    .find((name) => !Object.hasOwn(options, name));
  if (stray !== undefined)
    refuse(
      usage,
      `there is no flag --${stray}${didYouMean(
        stray,
        flags.map(([name]) => name),
      )}`,
    );
  try {
    const allowPositionals = flags.length <= Object.keys(defaults).length;
    return parseArgs({ options, allowPositionals }) as Given;
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error));
  }
}

function refuse(usage: string, sentence: string): never {
  console.error(`error: ${sentence}\nusage: ${usage}`);
  process.exit(2);
}
