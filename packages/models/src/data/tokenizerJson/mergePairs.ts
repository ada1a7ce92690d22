/** The rank of the merge of two neighbours, lower first, or nothing where they do not merge. */
export type RankOf = (left: number, right: number) => number | undefined;

/** Positions and ranks go into one number of 53 bits: words are shorter than 2^31. */
const positions = 2 ** 31;

/**
 * Byte-pair encoding of a word: the pair of lowest rank, the leftmost of several, becomes one symbol, until none is left.
 * `ids` are the symbols; `mergedId` says what a merge of some rank makes. In n log n steps for n symbols.
 * Source: Sennrich, Haddow & Birch 2016, arXiv:1508.07909.
 */
export function mergePairs(
  ids: readonly number[],
  rankOf: RankOf,
  mergedId: (rank: number) => number,
): number[] {
  const symbols = new Int32Array(ids);
  const next = new Int32Array(ids.length);
  const previous = new Int32Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    next[i] = i + 1 < ids.length ? i + 1 : -1;
    previous[i] = i - 1;
  }
  const heap: number[] = [];
  const rankAt = (i: number): number | undefined => {
    const right = next[i] ?? -1;
    return right < 0 ? undefined : rankOf(symbols[i] ?? 0, symbols[right] ?? 0);
  };
  const offer = (i: number): void => {
    const rank = rankAt(i);
    if (rank !== undefined) push(heap, rank * positions + i);
  };
  for (let i = 0; i + 1 < ids.length; i++) offer(i);
  for (let key = pop(heap); key !== undefined; key = pop(heap)) {
    const i = key % positions;
    const rank = Math.floor(key / positions);
    if ((symbols[i] ?? -1) < 0 || rankAt(i) !== rank) continue; // one of the two is gone
    const right = next[i] ?? -1;
    const after = next[right] ?? -1;
    symbols[i] = mergedId(rank);
    symbols[right] = -1;
    next[i] = after;
    if (after >= 0) previous[after] = i;
    const before = previous[i] ?? -1;
    if (before >= 0) offer(before);
    offer(i);
  }
  const out: number[] = [];
  for (let i = ids.length > 0 ? 0 : -1; i >= 0; i = next[i] ?? -1) out.push(symbols[i] ?? 0);
  return out;
}

function push(heap: number[], key: number): void {
  let i = heap.length;
  heap.push(key);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (above <= key) break;
    heap[i] = above;
    i = parent;
  }
  heap[i] = key;
}

function pop(heap: number[]): number | undefined {
  const least = heap[0];
  const key = heap.pop();
  if (least === undefined || key === undefined || heap.length === 0) return least;
  let i = 0;
  for (;;) {
    const left = 2 * i + 1;
    if (left >= heap.length) break;
    const child = (heap[left + 1] ?? Infinity) < (heap[left] ?? 0) ? left + 1 : left;
    const below = heap[child] ?? 0;
    if (below >= key) break;
    heap[i] = below;
    i = child;
  }
  heap[i] = key;
  return least;
}
