import { didYouMean, settingSynonyms } from "steepest";
import { ConfigError } from "./configError.ts";

/**
 * Checks of a model's settings that all families share. Each throws `ConfigError` with the setting's name, what
 * was given and what would do; `family` goes into the sentence, as in "a gpt needs width".
 */
export interface SettingChecks {
  /** Every key is one of the known settings; a misspelt one gets the nearest. */
  known(config: object): void;
  /** An integer of at least `least`, 1 when not given. */
  size(name: string, value: unknown, least?: number): void;
  /** A finite number above `above`. */
  above(name: string, value: unknown, above: number, usually: string): void;
  boolean(name: string, value: unknown): void;
  /** One of the names. */
  choice(name: string, value: unknown, names: readonly string[]): void;
}

export function settingChecks(family: string, known: readonly string[]): SettingChecks {
  return {
    known(config) {
      for (const name of Object.keys(config)) {
        if (known.includes(name)) continue;
        throw new ConfigError(
          `a ${family} has no setting "${name}"${didYouMean(name, known, settingSynonyms)}; settings are ${known.join(", ")}`,
        );
      }
    },
    size(name, value, least = 1) {
      if (value === undefined) {
        throw new ConfigError(`a ${family} needs ${name}; settings are ${known.join(", ")}`);
      }
      if (!(Number.isSafeInteger(value) && Number(value) >= least)) {
        const wanted =
          least > 1 ? `an integer of at least ${least}` : `${least === 0 ? "0 or " : ""}a positive integer`;
        throw new ConfigError(`${name} must be ${wanted}; got ${String(value)}`);
      }
    },
    above(name, value, above, usually) {
      if (!(typeof value === "number" && Number.isFinite(value) && value > above)) {
        throw new ConfigError(
          `${name} must be a number above ${above}, usually ${usually}; got ${String(value)}`,
        );
      }
    },
    boolean(name, value) {
      if (typeof value !== "boolean") throw new ConfigError(`${name} is true or false; got ${String(value)}`);
    },
    choice(name, value, names) {
      if (typeof value === "string" && names.includes(value)) return;
      throw new ConfigError(
        `${name} is one of ${names.join(", ")}; got "${String(value)}"${didYouMean(String(value), names)}`,
      );
    },
  };
}

/**
 * How a width is shared out among heads: each gets width / heads, which must be whole and, where pairs of its
 * entries are rotated, even. Throws `ConfigError` with head counts and widths that work.
 */
export function expectHeads(width: number, heads: number, { rotary }: { rotary: boolean }): void {
  if (width % heads !== 0) {
    throw new ConfigError(
      `heads must divide width: ${width} / ${heads} is not whole; ` +
        `take ${[...headChoices(width, rotary), widthChoices(width, heads, rotary)].join(", or ")}`,
    );
  }
  if (rotary && (width / heads) % 2 !== 0) {
    throw new ConfigError(
      `each head needs an even width for the rotary embedding: ${width} / ${heads} heads = ${width / heads}; ` +
        `take ${widthChoices(width, heads, true)}, or other heads`,
    );
  }
}

/** The nearest widths that these heads share, evenly where entries are rotated in pairs. */
function widthChoices(width: number, heads: number, rotary: boolean): string {
  const unit = rotary ? 2 * heads : heads;
  const [below, above] = [Math.floor(width / unit) * unit, Math.ceil(width / unit) * unit];
  return `a width of ${below > 0 ? `${below} or ` : ""}${above}`;
}

const headChoices = (width: number, rotary: boolean): string[] => {
  const counts = headCounts(width, rotary);
  return counts.length === 0 ? [] : [`${counts.join(", ")} heads`];
};

/** Head counts that leave a whole (and even) head width, smallest first, at most 12 of them. */
const headCounts = (width: number, rotary: boolean): number[] =>
  Array.from({ length: width }, (_, i) => i + 1)
    .filter((n) => width % (rotary ? 2 * n : n) === 0)
    .slice(0, 12);
