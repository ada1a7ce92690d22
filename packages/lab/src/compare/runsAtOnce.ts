/** How a comparison shares the machine. */
export interface Shares {
  /** Runs on their way at the same time. */
  readonly atOnce: number;
  /** Of each run. Undefined: all of the machine. */
  readonly threads: number | undefined;
}

export interface Wishes {
  /** Runs at once, if somebody said so. */
  readonly asked: number | undefined;
  /** Of each run, if somebody said so. */
  readonly threads: number | undefined;
  readonly runs: number;
  readonly cores: number;
}

/**
 * Runs at once and threads of each. Nobody said anything: one run on all cores, so that its times are its own. Threads
 * alone: as many runs as the cores have room for. Runs alone: the cores are shared out.
 */
export function runsAtOnce({ asked, threads, runs, cores }: Wishes): Shares {
  const room = threads === undefined ? 1 : Math.max(1, Math.floor(cores / threads));
  const atOnce = Math.min(asked ?? room, runs);
  return { atOnce, threads: threads ?? (atOnce === 1 ? undefined : Math.max(1, Math.floor(cores / atOnce))) };
}
