import { byteTokens, noToken } from "./bpe.ts";
import { damaged, type PartSettings } from "./part.ts";
import { cutting, remembering, type WordModel } from "./wordModel.ts";

/** What an unknown character costs beyond the rarest token, in the logarithm of probability. */
const unknownPenalty = 10;

/**
 * The likeliest division of a word into tokens, by Viterbi's algorithm. Characters without a token cost more than any and
 * become, a run of them at a time, their bytes (`byte_fallback`) or the unknown token.
 * Source: Kudo 2018, arXiv:1804.10959.
 */
export function unigram(settings: PartSettings, vocabulary: ReadonlyMap<string, number>): WordModel {
  const scores = readScores(settings.list("vocab"));
  const unknown = settings.value("unk_id") === undefined ? undefined : settings.count("unk_id");
  const fallback = settings.flag("byte_fallback", false);
  if (unknown !== undefined && unknown >= scores.length) throw damaged(`its unk_id ${unknown} has no token`);
  const least = scores.reduce((a, b) => Math.min(a, b), Infinity);
  // Every token with its id, and what tokens begin with, without.
  const prefixes = new Map<string, number>();
  for (const [token, id] of vocabulary) {
    for (let end = 1; end < token.length; end++) {
      const prefix = token.slice(0, end);
      if (!prefixes.has(prefix)) prefixes.set(prefix, -1);
    }
    prefixes.set(token, id);
  }

  function best(word: string): number[] {
    const size = word.length;
    const score = new Float64Array(size + 1);
    const from = new Int32Array(size + 1).fill(-1);
    const token = new Int32Array(size + 1);
    const offer = (start: number, end: number, id: number, cost: number): void => {
      const total = (score[start] ?? 0) + cost;
      if ((from[end] ?? -1) >= 0 && total <= (score[end] ?? 0)) return;
      score[end] = total;
      from[end] = start;
      token[end] = id;
    };
    for (let start = 0; start < size; ) {
      const length = (word.codePointAt(start) ?? 0) > 0xffff ? 2 : 1;
      let single = false;
      for (let end = start + 1; end <= size; end++) {
        const id = prefixes.get(word.slice(start, end));
        if (id === undefined) break;
        if (id < 0) continue;
        offer(start, end, id, scores[id] ?? 0);
        single ||= end === start + length;
      }
      if (!single) {
        if (unknown === undefined) throw noToken(String.fromCodePoint(word.codePointAt(start) ?? 0));
        offer(start, start + length, unknown, least - unknownPenalty);
      }
      start += length;
    }
    const ids: number[] = [];
    const put = (start: number, end: number, id: number): void => {
      const text = word.slice(start, end);
      const known = id === unknown ? vocabulary.get(text) : id;
      if (known !== undefined) ids.push(known);
      else ids.push(...((fallback ? byteTokens(text, vocabulary)?.reverse() : undefined) ?? [id]));
    };
    // From the end; neighbours that are unknown are one text.
    for (let end = size; end > 0; ) {
      const id = token[end] ?? 0;
      let start = from[end] ?? 0;
      while (id === unknown && start > 0 && token[start] === unknown) start = from[start] ?? 0;
      put(start, end, id);
      end = start;
    }
    return ids.reverse();
  }
  return cutting(vocabulary.keys(), remembering(best));
}

function readScores(entries: readonly unknown[]): number[] {
  return entries.map((entry, id) => {
    const score: unknown = Array.isArray(entry) ? entry[1] : undefined;
    if (typeof score !== "number") throw damaged(`entry ${id} of its vocabulary`);
    return score;
  });
}
