import type { BackendClasses, IQueueBackend } from "bullmq";

import type { CompareRow } from "../compare/compareRow.ts";

/** BullMQ over one kind of server. */
export interface Server<B extends IQueueBackend, C> {
  readonly classes: BackendClasses<B, C>;
  /** For questions: rejects soon where nobody answers. */
  readonly connection: C;
  /** For workers: waits for as long as it takes. */
  readonly patient: C;
  /** No lost connection is made again: whoever waits for one is told that it is gone. */
  readonly giveUp: () => void;
  /** For people. */
  readonly name: string;
}

/** A row with the machine that made it, as it is kept in the queue. */
export interface Kept {
  readonly row: CompareRow;
  readonly host: string;
}

/** What all of ours is called in a Redis that others use, too. */
export const PREFIX = "steepest";
export const RUNS = "steepest-runs";
