/** Makes the tokens of one word; `take` gets their ids. */
export type WordModel = (word: string, take: (id: number) => void) => void;

/** Words that are kept, and how long they may be. */
const [mostWords, longestWord] = [2 ** 16, 64];

/** A model that remembers the words it has seen. */
export function remembering(model: (word: string) => readonly number[]): WordModel {
  let known = new Map<string, readonly number[]>();
  return (word, take) => {
    let ids = known.get(word);
    if (ids === undefined) {
      ids = model(word);
      if (word.length <= longestWord) {
        if (known.size >= mostWords) known = new Map();
        known.set(word, ids);
      }
    }
    for (const id of ids) take(id);
  };
}

/**
 * Cuts long words where no token can reach across, which changes nothing and keeps them short: tokenizers without a
 * pre-tokenizer take a whole text for one word. A cut is between two characters that are tokens for themselves and stand
 * side by side in no token.
 */
export function cutting(tokens: Iterable<string>, model: WordModel): WordModel {
  const [single, side] = [new Set<string>(), new Set<string>()];
  for (const token of tokens) {
    const characters = [...token];
    if (characters.length === 1) single.add(token);
    for (let i = 1; i < characters.length; i++) side.add(`${characters[i - 1]}${characters[i]}`);
  }
  return (word, take) => {
    if (word.length <= longestWord) return model(word, take);
    let [start, at, before] = [0, 0, ""];
    for (const character of word) {
      if (single.has(before) && single.has(character) && !side.has(before + character)) {
        model(word.slice(start, at), take);
        start = at;
      }
      at += character.length;
      before = character;
    }
    model(word.slice(start), take);
  };
}
