/** What a step consists of, in ms of one rank that has a core to itself. */
export interface StepParts {
  /** Gradients of a rank's part of the batch. */
  gradients(sequences: number): number;
  /** The update of all weights. */
  readonly update: number;
  /** What is done with every gradient of one's own besides: means, norms. */
  readonly rest: number;
  /** The part of the update that the busiest of n ranks makes, 1/n at best. */
  share(ranks: number): number;
  /** Sum to the owners and copy from them. */
  wire(ranks: number): number;
}

export interface StepPlace {
  readonly ranks: number;
  /** Of the whole batch. */
  readonly sequences: number;
  /** Cores that the ranks of one machine have together, and ranks on a machine; more ranks than cores take turns. */
  readonly cores: number;
  readonly ranksOfMachine: number;
}

/**
 * The time of a step, in ms: `c·(gradients(b/n) + (update + rest)·s(n)) + wire(n)`, nothing overlapping. c is the number of ranks that share
 * a core, at least 1; the wire's time is taken as it is, measured with as many ranks on as many cores.
 */
export function predictStep(
  { gradients, update, rest, share, wire }: StepParts,
  { ranks, sequences, cores, ranksOfMachine }: StepPlace,
): number {
  const turns = Math.max(1, ranksOfMachine / cores);
  return turns * (gradients(sequences / ranks) + (update + rest) * share(ranks)) + wire(ranks);
}

/** Seconds on the wire for sum and copy of P floats by n ranks, B bytes a second each way, α seconds a message of 2¹⁸ floats at most. */
export function wireSeconds(
  parameters: number,
  ranks: number,
  { bytesPerSecond, latency }: { readonly bytesPerSecond: number; readonly latency: number },
): number {
  if (ranks === 1) return 0;
  const bytes = (2 * 4 * parameters * (ranks - 1)) / ranks;
  return bytes / bytesPerSecond + 2 * latency * ranks * Math.ceil(parameters / (ranks * 2 ** 18));
}

/** The number of ranks, doubled from 1 on, from which twice as many make a step less than a tenth shorter. */
export function saturatesAt(step: (ranks: number) => number, most = 2 ** 16): number {
  let ranks = 1;
  while (ranks < most && step(2 * ranks) < 0.9 * step(ranks)) ranks *= 2;
  return ranks;
}
