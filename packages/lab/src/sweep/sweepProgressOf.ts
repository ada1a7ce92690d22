import { folderOwner } from "../files/folderLock.ts";
import { nextTrials } from "./nextTrials.ts";
import type { Outcome } from "./outcomes.ts";
import { readSweep } from "./sweepFile.ts";
import { sweepId } from "./sweepId.ts";
import type { SweepSpec } from "./sweepSpec.ts";
import { summarizeSweep } from "./sweepSummary.ts";
import { describeSettings, type Trial } from "./trial.ts";
import { type LoggedTrial, readTrials } from "./trialLog.ts";

/** How far a sweep is, by its folder. */
export interface SweepState {
  readonly id: string;
  readonly folder: string;
  /** The process that works on it, in words. */
  readonly owner: string | undefined;
  readonly finished: number;
  readonly diverged: number;
  readonly failed: readonly {
    readonly label: string;
    readonly settings: string;
    readonly seed: number;
    readonly reason: string;
  }[];
  /** Runs that what is known calls for and that have not ended; more may follow from them. */
  readonly left: number;
  readonly best: readonly { readonly label: string; readonly loss: number; readonly settings: string }[];
}

/** Reads how far a sweep is; nothing is written. Throws `FileError` where the folder is none of a sweep. */
export function sweepProgressOf(folder: string): SweepState {
  const file = readSweep(folder);
  const { trials } = readTrials(folder);
  const { outcomes, left } = replay(file.spec, trials);
  const rows = new Map(
    outcomes.flatMap(({ trial: { id } }) => {
      const row = trials.get(id)?.row;
      return row === undefined ? [] : [[id, row] as const];
    }),
  );
  const status = (trial: Trial): string | undefined => rows.get(trial.id)?.status;
  const count = (wanted: string): number => outcomes.filter(({ trial }) => status(trial) === wanted).length;
  return {
    id: sweepId(file),
    folder,
    owner: folderOwner(folder),
    finished: count("finished"),
    diverged: count("diverged"),
    failed: outcomes
      .filter(({ trial }) => status(trial) === "failed")
      .map(({ trial: { id, label, settings, seed } }) => ({
        label,
        settings: describeSettings(settings),
        seed,
        reason: rows.get(id)?.error ?? "for an unknown reason",
      })),
    left,
    best: summarizeSweep(file.spec, outcomes, rows).flatMap(({ label, best }) =>
      best === null ? [] : [{ label, loss: best.loss, settings: describeSettings(best.settings) }],
    ),
  };
}

/** The outcomes that a sweep would go on from, and how many runs they call for. */
function replay(
  spec: SweepSpec,
  logged: ReadonlyMap<string, LoggedTrial>,
): { outcomes: Outcome[]; left: number } {
  const outcomes: Outcome[] = [];
  for (;;) {
    const trials = nextTrials(spec, outcomes);
    const known = trials.filter(({ id }) => {
      const status = logged.get(id)?.row.status;
      return status !== undefined && status !== "interrupted";
    });
    for (const trial of known) {
      const row = logged.get(trial.id)?.row;
      outcomes.push({ trial, loss: row?.status === "finished" ? row.valLoss : null });
    }
    if (known.length < trials.length || trials.length === 0)
      return { outcomes, left: trials.length - known.length };
  }
}
