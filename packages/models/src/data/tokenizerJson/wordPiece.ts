import { damaged, type PartSettings } from "./part.ts";
import { remembering, type WordModel } from "./wordModel.ts";

/**
 * The longest token that a word begins with, then the longest of the rest with the prefix of continuations; a word that
 * does not come out even is unknown as a whole. Source: Devlin et al. 2018, arXiv:1810.04805.
 */
export function wordPiece(settings: PartSettings, vocabulary: ReadonlyMap<string, number>): WordModel {
  const prefix = settings.text("continuing_subword_prefix", "##");
  const most = settings.count("max_input_chars_per_word", 100);
  const unknown = unknownId(settings, vocabulary);
  return remembering((word) => {
    const characters = [...word];
    if (characters.length > most) return [unknown];
    const ids: number[] = [];
    for (let start = 0; start < characters.length; ) {
      let end = characters.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = vocabulary.get((start > 0 ? prefix : "") + characters.slice(start, end).join(""));
        if (id !== undefined) break;
      }
      if (id === undefined) return [unknown];
      ids.push(id);
      start = end;
    }
    return ids;
  });
}

/** Whole words only. */
export function wordLevel(settings: PartSettings, vocabulary: ReadonlyMap<string, number>): WordModel {
  const unknown = unknownId(settings, vocabulary);
  return (word, take) => take(vocabulary.get(word) ?? unknown);
}

function unknownId(settings: PartSettings, vocabulary: ReadonlyMap<string, number>): number {
  const token = settings.text("unk_token", "[UNK]");
  const id = vocabulary.get(token);
  if (id === undefined) throw damaged(`its unknown token ${JSON.stringify(token)} is not in the vocabulary`);
  return id;
}
