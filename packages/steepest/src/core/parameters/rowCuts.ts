/**
 * How the rows of a weight are cut: a number of blocks of equal height, or one height for each block. Heights may be shares:
 * [12, 4, 4] cuts 20 heads of any size into queries, keys and values.
 */
export type RowBlocks = number | readonly number[];

/** The blocks when the value is one: whole and ≥ 1, or a nonempty list of such; else undefined. */
export function readRowBlocks(given: unknown): RowBlocks | undefined {
  if (isCount(given)) return given;
  return Array.isArray(given) && given.length > 0 && given.every(isCount) ? given : undefined;
}

/** Throws a RangeError for what cuts nothing, or nothing whole. */
export function expectRowBlocks(owner: string, blocks: unknown): void {
  if (readRowBlocks(blocks) !== undefined) return;
  throw new RangeError(
    `${owner}: blocks must be a whole number ≥ 1 or a list of such, got ${JSON.stringify(blocks) ?? String(blocks)}`,
  );
}

/** How many blocks there are. */
export const blockCount = (blocks: RowBlocks): number =>
  typeof blocks === "number" ? blocks : blocks.length;

/** Where the blocks of `rows` rows begin and end. Throws, naming the weight, where the rows do not divide so. */
export function rowCuts(path: string, rows: number, blocks: RowBlocks): [from: number, to: number][] {
  expectRowBlocks(`weight "${path}"`, blocks);
  const shares = typeof blocks === "number" ? Array.from({ length: blocks }, () => 1) : blocks;
  const total = shares.reduce((sum, share) => sum + share, 0);
  const heights = shares.map((share) => (rows * share) / total);
  if (!heights.every(isCount)) {
    const wanted =
      typeof blocks === "number"
        ? `${blocks} blocks of equal height`
        : `blocks of ${blocks.join(", ")} parts of ${total}`;
    throw new Error(
      `weight "${path}" of ${rows} rows cannot be cut into ${wanted}: give its weights a group with blocks that fit`,
    );
  }
  let from = 0;
  return heights.map((height) => {
    from += height;
    return [from - height, from];
  });
}

const isCount = (given: unknown): given is number =>
  typeof given === "number" && Number.isSafeInteger(given) && given >= 1;
