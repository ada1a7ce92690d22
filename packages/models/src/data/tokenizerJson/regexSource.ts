import { unsupported } from "./part.ts";
import { type RegexClass, readRegexClass } from "./regexClass.ts";

/** A part of an expression, translated, and what a quantifier over it has to know. */
interface Piece {
  readonly source: string;
  /** Whether it can match one text in several ways: has a quantifier or an alternative. */
  readonly ambiguous: boolean;
}

/**
 * An expression of `tokenizer.json` (Oniguruma's syntax, as the reference library reads it) in JavaScript's, for the flag
 * `v`: classes by Unicode, `(?i:…)`, atomic groups and possessive quantifiers put in other words.
 *
 * Throws `DataError` for what has no counterpart or is not needed by any published tokenizer (anchors, `\b`, references,
 * named groups), and for a repetition of what can itself be read in several ways, as `(a+)+`, which may take for ever.
 */
export function regexSource(pattern: string): string {
  const characters = [...pattern];
  let at = 0;
  let captures = 0;

  const refuse = (what: string): never => {
    throw unsupported(`${what} in the expression ${JSON.stringify(pattern)}`);
  };
  const taken = (text: string): boolean => {
    if (
      !characters
        .slice(at, at + text.length)
        .join("")
        .startsWith(text)
    )
      return false;
    at += text.length;
    return true;
  };
  const atomic = (source: string): string => `(?:(?=(${source}))\\${++captures})`;

  function alternatives(anyCase: boolean): Piece {
    const found: Piece[] = [sequence(anyCase)];
    while (taken("|")) found.push(sequence(anyCase));
    return {
      source: found.map(({ source }) => source).join("|"),
      ambiguous: found.length > 1 || found.some(({ ambiguous }) => ambiguous),
    };
  }

  function sequence(anyCase: boolean): Piece {
    let [source, ambiguous, letters] = ["", false, ""];
    while (at < characters.length && characters[at] !== "|" && characters[at] !== ")") {
      letters = anyCase && /[a-z]/i.test(characters[at] ?? "") ? letters + characters[at] : "";
      // Without regard to case these pairs are also single characters, as "ß" and "ﬁ".
      if (/ss|st|f[fil]/i.test(letters)) refuse(`"${letters}" without regard to case`);
      const next = quantified(atom(anyCase));
      source += next.source;
      ambiguous ||= next.ambiguous;
    }
    return { source, ambiguous };
  }

  function atom(anyCase: boolean): Piece {
    const character = characters[at] ?? "";
    if (character === "(") return group(anyCase);
    if (character === ".") {
      at++;
      return { source: "[^\\n]", ambiguous: false };
    }
    if ("^$*+?{".includes(character)) refuse(`"${character}"`);
    const of: RegexClass = readRegexClass(characters, at, { anyCase, refuse });
    at = of.end;
    return { source: of.source, ambiguous: false };
  }

  function group(anyCase: boolean): Piece {
    at++;
    const kinds = ["?:", "?=", "?!", "?<=", "?<!", "?>", "?i:"];
    const kind = kinds.find(taken) ?? (characters[at] === "?" ? refuse("a group of this kind") : "?:");
    const inner = alternatives(anyCase || kind === "?i:");
    if (!taken(")")) refuse('a missing ")"');
    if (kind === "?>") return { source: atomic(inner.source), ambiguous: false };
    return { source: `(${kind === "?i:" ? "?:" : kind}${inner.source})`, ambiguous: inner.ambiguous };
  }

  function quantified(of: Piece): Piece {
    const rest = characters.slice(at, at + 16).join("");
    const [quantifier] = /^(?:[?*+]|\{\d+(?:,\d*)?\})/.exec(rest) ?? [];
    if (quantifier === undefined) return of;
    at += quantifier.length;
    const many = /^[*+]|,\}/.test(quantifier);
    if (many && of.ambiguous) refuse("a repetition inside a repetition, which may take for ever,");
    const source = of.source + quantifier;
    const follows = characters[at] ?? "";
    if (!"?*+{".includes(follows) || follows === "") return { source, ambiguous: true };
    at++;
    const simple = quantifier.length === 1;
    if (follows === "?" && simple) return { source: `${source}?`, ambiguous: true };
    if (follows === "+" && simple) return { source: atomic(source), ambiguous: false };
    return refuse(`"${quantifier}${follows}"`);
  }

  const { source } = alternatives(false);
  if (at < characters.length) refuse('a ")" too many');
  return source;
}
