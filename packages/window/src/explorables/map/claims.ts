import { type OptimizerName, optimizerNames } from "steepest";

import held from "../../../../lab/src/report/optimizers/claims.json" with { type: "json" };

/** What a test holds of a method and that names another one: "soap with both sides skipped is Adam". */
export interface Relation {
  readonly from: OptimizerName;
  readonly to: OptimizerName;
  readonly says: string;
  /** The file of the test. */
  readonly test: string;
}

/** Names of methods that are words of any text, too. */
const WORDS: readonly string[] = ["scale"];

/** Methods that a sentence names. */
export function namedIn(text: string): OptimizerName[] {
  const words = new Set(text.toLowerCase().match(/[a-z0-9_]+/g) ?? []);
  return optimizerNames().filter((name) => words.has(name) && !WORDS.includes(name));
}

type Claims = Readonly<Partial<Record<string, readonly { readonly says: string; readonly test: string }[]>>>;

/** Every relation once, in the order of the catalogue; a sentence that both pages have counts for the first. */
export function relationsOf(claims: Claims): Relation[] {
  const all = optimizerNames().flatMap((from) =>
    (claims[from] ?? []).flatMap(({ says, test }) =>
      namedIn(says)
        .filter((to) => to !== from)
        .map((to) => ({ from, to, says, test })),
    ),
  );
  const seen = new Set<string>();
  return all.filter(({ from, to, says }) => {
    const key = `${[from, to].sort().join()} ${says}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** What the tests of this project hold between methods. */
export const relations: readonly Relation[] = relationsOf(held);

export const relationsWith = (name: string): readonly Relation[] =>
  relations.filter(({ from, to }) => from === name || to === name);
