import type { CompareRow } from "../compare/compareRow.ts";
import { mapAtOnce } from "../compare/mapAtOnce.ts";
import { removeAbandonedLock } from "../files/removeAbandonedLock.ts";
import { type Budget, isSpent, type Spent } from "./budget.ts";
import type { Launcher } from "./launcher.ts";
import { nextTrials } from "./nextTrials.ts";
import type { Outcome } from "./outcomes.ts";
import type { SweepSpec } from "./sweepSpec.ts";
import type { Trial } from "./trial.ts";
import { type LoggedTrial, logTrial } from "./trialLog.ts";

export interface SweepIo {
  readonly folder: string;
  readonly launcher: Launcher;
  /** Trials that ended before, by id; those of them that call for it are made again. */
  readonly before: ReadonlyMap<string, LoggedTrial>;
  /** Make failed trials again. Interrupted ones always go on. */
  readonly retryFailed: boolean;
  readonly budget?: Budget | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly observer?: SweepObserver | undefined;
}

/** Callbacks for progress displays. */
export interface SweepObserver {
  /** Trials that are called for now; more may follow from what they come to. */
  onRound?(trials: readonly Trial[], known: number): void;
  onTrialStart?(trial: Trial): void;
  onTrialEnd?(trial: Trial, row: CompareRow): void;
}

export interface SweepResult {
  readonly outcomes: readonly Outcome[];
  readonly rows: ReadonlyMap<string, CompareRow>;
  /**
   * Why it ended: nothing is left to do, somebody asked it to stop, the budget is spent, or trials are left that the launcher
   * has given up.
   */
  readonly end: "complete" | "interrupted" | "budget" | "given up";
}

/**
 * Makes the trials of a sweep, each into a run folder of its own under `trials/`, and writes a line to `trials.jsonl` whenever one
 * has ended. One that diverges or fails ends nothing else. What ended before is not made again.
 */
export async function runSweep(spec: SweepSpec, io: SweepIo): Promise<SweepResult> {
  const rows = new Map<string, CompareRow>();
  const outcomes: Outcome[] = [];
  const spent = { runs: 0, tokens: 0, seconds: 0 };
  const began = performance.now();
  const settle = (trial: Trial, row: CompareRow): void => {
    rows.set(trial.id, row);
    if (row.status !== "interrupted")
      outcomes.push({ trial, loss: row.status === "finished" ? row.valLoss : null });
  };
  const over = (): boolean =>
    isSpent(io.budget, { ...spent, seconds: (performance.now() - began) / 1000 } satisfies Spent);
  let budgetSpent = false;
  let givenUp = false;
  for (let trials = nextTrials(spec, outcomes); trials.length > 0; trials = nextTrials(spec, outcomes)) {
    const left = trials.filter((trial) => {
      const kept = keptRow(io, trial);
      if (kept !== undefined) settle(trial, kept);
      return kept === undefined;
    });
    io.observer?.onRound?.(left, trials.length - left.length);
    await mapAtOnce(left, io.launcher.atOnce, async (trial) => {
      if (io.signal?.aborted) return;
      if (over()) {
        budgetSpent = true;
        return;
      }
      io.observer?.onTrialStart?.(trial);
      const row = await io.launcher.make(trial);
      if (row === undefined) {
        givenUp = true;
        return;
      }
      settle(trial, row);
      spent.runs++;
      spent.tokens += row.steps * tokensPerStep(row);
      logTrial(io.folder, { id: trial.id, settings: trial.settings, share: trial.share, row });
      io.launcher.kept?.(trial);
      io.observer?.onTrialEnd?.(trial, row);
    });
    if (io.signal?.aborted) return { outcomes, rows, end: "interrupted" };
    if (budgetSpent) return { outcomes, rows, end: "budget" };
    if (givenUp) return { outcomes, rows, end: "given up" };
  }
  return { outcomes, rows, end: "complete" };
}

/** The row of a trial that need not be made again. */
function keptRow({ before, retryFailed }: SweepIo, { id }: Trial): CompareRow | undefined {
  const row = before.get(id)?.row;
  const final =
    row?.status === "finished" || row?.status === "diverged" || (row?.status === "failed" && !retryFailed);
  if (final && row.runDir !== null) removeAbandonedLock(row.runDir);
  return final ? row : undefined;
}

const tokensPerStep = ({ tokensPerSecond, msPerStep }: CompareRow): number =>
  tokensPerSecond === null || msPerStep === null ? 0 : (tokensPerSecond * msPerStep) / 1000;
