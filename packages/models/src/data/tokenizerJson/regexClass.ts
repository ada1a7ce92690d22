import { unicode } from "./unicode.ts";

/** One character of an expression: a literal, an escape, or a class in brackets. */
export interface RegexClass {
  /** In JavaScript's syntax with the flag `v`. */
  readonly source: string;
  /** The place after it. */
  readonly end: number;
  /** The character it stands for, where it is one. */
  readonly literal?: string;
}

interface Reading {
  /** Upper and lower case are the same. */
  readonly anyCase: boolean;
  readonly refuse: (what: string) => never;
}

const categories = /^(L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?)$/;
const scripts = [
  "Han",
  "Hiragana",
  "Katakana",
  "Hangul",
  "Latin",
  "Greek",
  "Cyrillic",
  "Arabic",
  "Hebrew",
  "Thai",
];
const controls: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v" };

/** Oniguruma's `\s`, `\d` and `\w` and their opposites. */
const shorthands: Readonly<Record<string, string>> = {
  s: `[${unicode.whitespace}]`,
  S: `[^${unicode.whitespace}]`,
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  w: "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]",
  W: "[^\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]",
};

/** Reads the literal, escape or class that begins at a place of an expression. */
export function readRegexClass(characters: readonly string[], at: number, reading: Reading): RegexClass {
  const character = characters[at] ?? "";
  if (character === "[") return readBrackets(characters, at, reading);
  if (character === "\\") return readEscape(characters, at, reading);
  return literalClass(character, at + 1, reading);
}

function literalClass(literal: string, end: number, { anyCase, refuse }: Reading): RegexClass {
  const code = (character: string): string => `\\u{${character.codePointAt(0)?.toString(16)}}`;
  if (!anyCase || !/\p{L}/u.test(literal)) return { source: code(literal), end, literal };
  if (!/[a-z]/i.test(literal)) refuse(`"${literal}" without regard to case`);
  const [lower, upper] = [literal.toLowerCase(), literal.toUpperCase()];
  const long = { s: "ſ", k: "\u212a" }[lower] ?? ""; // what Unicode folds to s and k
  return { source: `[${[lower, upper, ...long].map(code).join("")}]`, end, literal };
}

function readEscape(characters: readonly string[], at: number, reading: Reading): RegexClass {
  const name = characters[at + 1] ?? "";
  const shorthand = shorthands[name];
  if (shorthand !== undefined) return { source: shorthand, end: at + 2 };
  const control = controls[name];
  if (control !== undefined) return literalClass(control, at + 2, reading);
  const rest = characters.slice(at, at + 24).join("");
  const [property, sign, what = ""] = /^\\([pP])\{(\w+)\}/.exec(rest) ?? [];
  if (property !== undefined) {
    const known = categories.test(what) ? what : scripts.includes(what) ? `Script=${what}` : undefined;
    if (known === undefined) return reading.refuse(property);
    return { source: `\\${sign}{${known}}`, end: at + property.length };
  }
  const [hex, braced, four, two] =
    /^\\(?:x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(rest) ?? [];
  if (hex !== undefined) {
    const code = Number.parseInt(braced ?? four ?? two ?? "", 16);
    if (code > 0x10ffff) return reading.refuse(hex);
    return literalClass(String.fromCodePoint(code), at + hex.length, reading);
  }
  if (/[\p{L}\p{N}]/u.test(name) || name === "") return reading.refuse(`\\${name}`);
  return literalClass(name, at + 2, reading);
}

/** `[…]`, `[^…]` with ranges and classes inside classes; intersections are refused. */
function readBrackets(characters: readonly string[], start: number, reading: Reading): RegexClass {
  const negated = characters[start + 1] === "^";
  let at = start + (negated ? 2 : 1);
  const members: string[] = [];
  if (negated && reading.anyCase) reading.refuse("a negated class without regard to case");
  for (let first = true; characters[at] !== "]" || first; first = false) {
    const character = characters[at];
    if (character === undefined || (character === "]" && first)) return reading.refuse('a class without "]"');
    if (character === "[" && characters[at + 1] === ":") return reading.refuse('"[:"');
    if (character === "&" && characters[at + 1] === "&") return reading.refuse('"&&" in a class');
    const one = readRegexClass(characters, at, reading);
    at = one.end;
    if (one.literal === undefined || characters[at] !== "-" || characters[at + 1] === "]") {
      members.push(one.source);
      continue;
    }
    const last = readRegexClass(characters, at + 1, { ...reading, anyCase: false });
    const order = [one.literal, last.literal ?? ""].map((each) => each.codePointAt(0) ?? -1);
    if (last.literal === undefined || (order[0] ?? 0) > (order[1] ?? 0)) return reading.refuse("a range");
    if (reading.anyCase) return reading.refuse("a range without regard to case");
    members.push(`${one.source}-${last.source}`);
    at = last.end;
  }
  return { source: `[${negated ? "^" : ""}${members.join("")}]`, end: at + 1 };
}
