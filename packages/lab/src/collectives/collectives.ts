/** Numbers as the library takes them: live memory, also shared memory and views with an offset. */
export type Buffer = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/**
 * What the processes of one run, its ranks, do together. Every rank makes the same calls in the same order, and each call
 * blocks until this rank's part in it is done. A failure inside ends the job, on all ranks.
 *
 * Sums are taken in the order of the ranks, so that they are the same bit for bit with any library, network and repetition.
 */
export interface Collectives {
  /** 0 ≤ rank < size. */
  readonly rank: number;
  readonly size: number;
  /** What carries the messages, in words: `Open MPI v4.1.4`. */
  readonly library: string;
  /** Copies `data` of rank `root` over everybody's, which has the same length and type. */
  broadcast(root: number, data: Buffer): void;
  /** data₀ + data₁ + … of all ranks, summed from the left in float32 into `into` of rank `root`; others leave it out. */
  sumTo(root: number, data: Float32Array, into?: Float32Array): void;
  /** The numbers of every rank, in the order of the ranks. All give equally many. */
  allGather(numbers: readonly number[]): readonly (readonly number[])[];
  /** Copies `data` of rank `from` into `data` of rank `to`; nothing for the others. */
  move(from: number, to: number, data: Buffer): void;
  /** Returns when every rank has come here. */
  barrier(): void;
  /** Ends the job on all ranks at once, with this exit code. */
  abort(code: number): void;
  /** The last call of every rank. */
  finalize(): void;
}
