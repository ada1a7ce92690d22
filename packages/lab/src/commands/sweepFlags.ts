import type { QueueFlags } from "./queueFlags.ts";

/** What `steepest sweep` is told besides the flags of a plan. */
export interface SweepFlags extends QueueFlags {
  readonly over?: readonly string[];
  readonly seed?: string;
  readonly seeds?: string;
  readonly design?: string;
  readonly points?: string;
  readonly halving?: boolean;
  readonly extend?: string;
  readonly sameExamples?: boolean;
  readonly budget?: string;
  readonly parallel?: string;
  readonly threads?: string;
  readonly retry?: string;
  readonly resume?: string;
  readonly slurm?: boolean;
  readonly dryRun?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly open?: boolean;
}
