/** What other libraries call our options, without case and `-`, `_`. */
const optionSynonyms: Readonly<Record<string, string>> = {
  beta1: "b1",
  beta2: "b2",
  epsilon: "eps",
  lr: "learningrate",
  mu: "momentum",
  wd: "weightdecay",
};

/**
 * The candidate a name most likely meant: what other libraries call it (`lr` is `learningRate`), or the nearest by edits
 * (insert, delete, replace, swap neighbours); undefined when none is closer than about a third of its letters. Case and
 * `-`, `_`, spaces do not count. `synonyms` are asked beside those of options: `settingSynonyms` for models and runs.
 */
export function nearestName(
  name: string,
  candidates: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string | undefined {
  const wanted = plain(name);
  const meant = new Map(Object.entries({ ...optionSynonyms, ...synonyms })).get(wanted);
  const known = candidates.find((candidate) => plain(candidate) === meant);
  if (known !== undefined) return known;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** ` (did you mean "x"?)`, or nothing: to follow the wrong name. */
export function didYouMean(
  name: string,
  candidates: readonly string[],
  synonyms?: Readonly<Record<string, string>>,
): string {
  const near = nearestName(name, candidates, synonyms);
  return near === undefined ? "" : ` (did you mean "${near}"?)`;
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_\s]/g, "");

/** Optimal string alignment distance: Levenshtein with swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replace, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (older[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    [older, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}
