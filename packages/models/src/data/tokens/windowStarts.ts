import { counterRandom } from "../../random/counterRandom.ts";
import { permutedIndex } from "../../random/permutedIndex.ts";

/** How training windows follow each other. */
export const tokenOrders = ["random", "epochs"] as const;
export type TokenOrder = (typeof tokenOrders)[number];

export interface WindowOptions {
  /** Tokens to choose from, more than `context`. */
  readonly length: number;
  readonly context: number;
  readonly batchSize: number;
  readonly seed: number;
}

/** Windows of an epoch: at most ⌊length / context⌋ − 1, so that the first can begin at any of `context` places. */
export const windowsPerEpoch = ({ length, context }: Pick<WindowOptions, "length" | "context">): number =>
  Math.max(1, Math.floor(length / context) - 1);

/** A number of the random stream that no index of a permutation reaches. */
const offsetCounter = 2 ** 32 - 1;

/** The first tokens of the windows of a step's batch, each a pure function of seed, step and row. */
export const windowStarts: Readonly<
  Record<TokenOrder, (options: WindowOptions) => (step: number) => number[]>
> = {
  /** Anywhere with equal probability, independently of all others. */
  random: ({ length, context, batchSize, seed }) => {
    const choices = length - context;
    return (step) =>
      Array.from({ length: batchSize }, (_, row) =>
        Math.floor(counterRandom(seed, "batches", step, row) * choices),
      );
  },

  /**
   * The tokens are cut into windows one after the other, the first beginning at an offset of 0 … context − 1 that is drawn
   * for each epoch; an epoch visits each window once, in an order of its own. Rows are counted through all steps, so that a
   * batch may end one epoch and begin the next. Fewer than 2 · context tokens at the ends are left out, others in each epoch.
   */
  epochs: ({ length, context, batchSize, seed }) => {
    const count = windowsPerEpoch({ length, context });
    const offsets = Math.min(context, length - count * context);
    return (step) =>
      Array.from({ length: batchSize }, (_, row) => {
        const drawn = step * batchSize + row;
        const epoch = Math.floor(drawn / count);
        const offset = Math.floor(counterRandom(seed, "order", epoch, offsetCounter) * offsets);
        return offset + context * permutedIndex(seed, epoch, count, drawn % count);
      });
  },
};
