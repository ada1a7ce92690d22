import type { Collectives } from "../../collectives/collectives.ts";

/** A job that several processes do together, each on its part of a batch. */
export interface RankJob {
  readonly collectives: Collectives;
  /** Gradients are scaled down to this norm over all parameters; the job's optimizer does not clip. Default: not at all. */
  readonly clip?: number | undefined;
}
