import { DataError } from "../dataError.ts";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * One token per Unicode code point. `text` gives the vocabulary: its distinct code points in ascending order,
 * so the same text (or the vocabulary itself) always gives the same ids.
 *
 * Build it from the whole text, validation part included, or validation may hold characters that have no id.
 * Throws `DataError` for an empty text; `encode` throws one for a character outside the vocabulary.
 */
export function characterTokenizer(text: string): Tokenizer {
  const characters = [...new Set(text)].sort((a, b) => codePoint(a) - codePoint(b));
  if (characters.length === 0) {
    throw new DataError("empty", "a character vocabulary needs at least one character; the text is empty");
  }
  const ids = new Map(characters.map((character, id) => [character, id]));
  return {
    name: "characters",
    vocabSize: characters.length,
    encode(input) {
      const tokens = new Int32Array(input.length); // at least as long: a code point is 1 or 2 units
      let count = 0;
      for (const character of input) {
        const id = ids.get(character);
        if (id === undefined) {
          const others = [...new Set(input)].filter((one) => one !== character && !ids.has(one));
          throw new DataError(
            "unknownToken",
            `character ${JSON.stringify(character)} (U+${codePoint(character).toString(16).toUpperCase().padStart(4, "0")}) ` +
              `at position ${count} is not among the ${characters.length} of the vocabulary${alsoMissing(others)}: ` +
              "take it out of the text, build the vocabulary from this text, or use the gpt2 tokenizer",
          );
        }
        tokens[count++] = id;
      }
      return tokens.slice(0, count);
    },
    decode(tokens) {
      let text = "";
      for (const id of tokens) {
        const character = characters[id];
        if (character === undefined) {
          throw new DataError(
            "unknownToken",
            `token ${id} is not in 0 … ${characters.length - 1}: decode with the tokenizer that encoded`,
          );
        }
        text += character;
      }
      return text;
    },
    toJSON: () => ({ name: "characters", characters: characters.join("") }),
  };
}

/** The first of the other characters that have no id, so that a text can be mended at once. */
function alsoMissing(others: readonly string[]): string {
  if (others.length === 0) return "";
  const shown = others.slice(0, 8).map((one) => JSON.stringify(one));
  return `, nor ${others.length === 1 ? "is" : "are"} ${shown.join(", ")}${others.length > 8 ? ` and ${others.length - 8} more` : ""}`;
}

const codePoint = (character: string): number => character.codePointAt(0) ?? 0;
