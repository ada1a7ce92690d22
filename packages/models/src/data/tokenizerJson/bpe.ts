import { DataError } from "../dataError.ts";
import { mergePairs } from "./mergePairs.ts";
import { damaged, type PartSettings, unsupported } from "./part.ts";
import { cutting, remembering, type WordModel } from "./wordModel.ts";

/** Ids are below this, so that a pair of them is one number. */
const idRange = 2 ** 22;

/**
 * Byte-pair encoding with the merges of a file. A character without a token becomes its bytes (`byte_fallback`) or the
 * unknown token, one for a run of them in a word where `fuse_unk`.
 */
export function bpe(settings: PartSettings, vocabulary: ReadonlyMap<string, number>): WordModel {
  const unknownToken = settings.optional("unk_token");
  const prefix = settings.optional("continuing_subword_prefix") ?? "";
  const suffix = settings.optional("end_of_word_suffix") ?? "";
  const [fuse, fallback] = [settings.flag("fuse_unk", false), settings.flag("byte_fallback", false)];
  const ignoreMerges = settings.flag("ignore_merges", false);
  const dropout = settings.value("dropout");
  if (dropout !== undefined && dropout !== 0) throw unsupported(`the dropout ${JSON.stringify(dropout)}`);
  const unknown = unknownToken === undefined ? undefined : vocabulary.get(unknownToken);
  if (unknownToken !== undefined && unknown === undefined) {
    throw damaged(`its unknown token ${JSON.stringify(unknownToken)} is not in the vocabulary`);
  }
  const { ranks, made } = readMerges(settings.list("merges"), vocabulary, prefix.length);
  const rankOf = (left: number, right: number): number | undefined => ranks.get(left * idRange + right);
  const mergedId = (rank: number): number => made[rank] ?? 0;

  function symbolsOf(word: string): number[] {
    const ids: number[] = [];
    const characters = [...word];
    let waiting = false; // an unknown character, not yet among the ids
    characters.forEach((character, i) => {
      const symbol = `${i > 0 ? prefix : ""}${character}${i === characters.length - 1 ? suffix : ""}`;
      const id = vocabulary.get(symbol);
      if (id !== undefined) {
        if (waiting && unknown !== undefined) ids.push(unknown);
        waiting = false;
        ids.push(id);
        return;
      }
      const bytes = fallback ? byteTokens(symbol, vocabulary) : undefined;
      if (bytes !== undefined) {
        ids.push(...bytes);
        return;
      }
      if (unknown === undefined) throw noToken(character);
      if (waiting && !fuse) ids.push(unknown);
      waiting = true;
    });
    if (waiting && unknown !== undefined) ids.push(unknown);
    return ids;
  }

  const model = remembering((word) => {
    const whole = ignoreMerges ? vocabulary.get(word) : undefined;
    return whole === undefined ? mergePairs(symbolsOf(word), rankOf, mergedId) : [whole];
  });
  return prefix === "" && suffix === "" ? cutting(vocabulary.keys(), model) : model;
}

/** The tokens `<0xE2>` … of a character's bytes, where all are there. */
export function byteTokens(text: string, vocabulary: ReadonlyMap<string, number>): number[] | undefined {
  const ids: number[] = [];
  for (const byte of new TextEncoder().encode(text)) {
    const id = vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}

/** For a character that nothing in the vocabulary stands for. */
export const noToken = (character: string): DataError =>
  new DataError(
    "unknownToken",
    `${JSON.stringify(character)} in the text has no token, and this tokenizer.json has none for the unknown: ` +
      "use the tokenizer the text was written for",
  );

/** Ranks by pair, and by rank the token that a merge makes. */
function readMerges(
  merges: readonly unknown[],
  vocabulary: ReadonlyMap<string, number>,
  prefixLength: number,
): { ranks: ReadonlyMap<number, number>; made: readonly number[] } {
  const ranks = new Map<number, number>();
  const made = merges.map((merge, rank) => {
    const [left, right, ...more]: unknown[] =
      typeof merge === "string" ? merge.split(" ") : Array.isArray(merge) ? merge : [];
    if (typeof left !== "string" || typeof right !== "string" || more.length > 0) {
      throw damaged(`merge ${rank} is ${JSON.stringify(merge)}, expected two tokens`);
    }
    const [a, b] = [vocabulary.get(left), vocabulary.get(right)];
    const id = vocabulary.get(left + right.slice(prefixLength));
    if (a === undefined || b === undefined || id === undefined) {
      throw damaged(`merge ${rank} (${JSON.stringify(merge)}) needs tokens that are not in the vocabulary`);
    }
    ranks.set(a * idRange + b, rank);
    return id;
  });
  return { ranks, made };
}
