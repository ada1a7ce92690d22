import { bpe } from "./bpe.ts";
import { damaged, type Part, type PartSettings, type PartTable, readPart } from "./part.ts";
import { unigram } from "./unigram.ts";
import type { WordModel } from "./wordModel.ts";
import { wordLevel, wordPiece } from "./wordPiece.ts";

type Make = (settings: PartSettings, ids: ReadonlyMap<string, number>) => WordModel;

const makers: Readonly<Record<string, Make>> = {
  BPE: bpe,
  WordPiece: wordPiece,
  WordLevel: wordLevel,
  Unigram: unigram,
};

/** The `model` of a `tokenizer.json` with the ids of its tokens. */
export function readWordModel(model: Part, ids: ReadonlyMap<string, number>): WordModel {
  const type = model["type"] ?? guessed(model);
  if (type === "BPE" && !Array.isArray(model["merges"])) throw damaged("a BPE model needs a list of merges");
  const table: PartTable<WordModel> = Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [
      name,
      (settings) => {
        settings.value("vocab"); // read before
        return make(settings, ids);
      },
    ]),
  );
  return readPart("model", { ...model, type }, table);
}

/** Files from before 2021 do not say. */
function guessed({ vocab, merges }: Part): string {
  return merges !== undefined ? "BPE" : Array.isArray(vocab) ? "Unigram" : "WordPiece";
}
