/** Numbers as the library takes them: live memory, also shared memory and views with an offset. */
export type Buffer = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/** Numbers that every rank has, and the rank they belong to. */
export interface OwnedFloats {
  readonly owner: number;
  readonly data: Float32Array;
}

/** Where a sum goes; only its owner needs room. */
export interface OwnedSum extends OwnedFloats {
  readonly into: Float32Array | undefined;
}

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
  /**
   * data₀ + data₁ + … of all ranks, summed from the left in float32 into `into` of its owner, for every entry of the list; all owners
   * are served at once. A rank sends what others own and receives its own from each: (n − 1)/n of all numbers, evenly shared out.
   */
  sumToOwners(sums: readonly OwnedSum[]): void;
  /** Copies every entry of the list from its owner over everybody's, all owners at once. */
  copyFromOwners(copies: readonly OwnedFloats[]): void;
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
