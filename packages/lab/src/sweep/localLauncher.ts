import { makeRun } from "../compare/makeRun.ts";
import type { Runner } from "../compare/runner.ts";
import type { Launcher } from "./launcher.ts";
import { trialFolder } from "./trialFolder.ts";

export interface LocalPool {
  /** Of the sweep. */
  readonly folder: string;
  readonly runner: Runner;
  /** Runs on their way at the same time. */
  readonly atOnce: number;
  readonly signal?: AbortSignal | undefined;
}

/** Makes trials on this machine. A run goes on with what is in its folder; asked to stop, it saves a checkpoint. */
export const localLauncher = ({ folder, runner, atOnce, signal }: LocalPool): Launcher => ({
  atOnce,
  async make(trial) {
    const run = { label: trial.label, plan: trial.plan };
    const { row } = await makeRun(run, trialFolder(folder, trial), { runner, signal, resume: true });
    return row;
  },
});
