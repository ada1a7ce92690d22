import { watchBlocked } from "./watchBlocked.ts";

/** Exit code of a command that was asked to stop. */
export const STOPPED = 130;

/** One press of Ctrl-C can arrive twice: from the terminal, and passed on by npm. */
const ONE_PRESS_MS = 250;

export interface StopSignals {
  readonly signal: AbortSignal;
  readonly listen: (what: string) => void;
}

/**
 * From the first `listen` on, the first Ctrl-C, and the first request of a container, a batch system or a closing
 * terminal, aborts the signal, so that work can be saved, and says `what` happens. After that Ctrl-C ends the process:
 * nobody listens to it any more, so that the system does it. One that computes for long without listening is watched by a
 * thread, see `watchBlocked`; not so where it was `launched` as one of several, whose launcher sees to their end.
 */
export function stopSignals(
  say: (line: string) => void,
  { launched = false }: { readonly launched?: boolean } = {},
): StopSignals {
  const stop = new AbortController();
  let listens = false;
  const listen = (what: string): void => {
    if (listens) return;
    listens = true;
    const noticed = launched ? () => {} : watchBlocked();
    const ask = (): void => {
      if (stop.signal.aborted) return;
      noticed();
      stop.abort();
      say(`\n${what}; Ctrl-C again to stop at once`);
      setTimeout(() => process.off("SIGINT", ask), ONE_PRESS_MS).unref();
    };
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, ask);
    if (launched) process.on("SIGUSR2", ask); // which mpirun passes on without ending its processes
  };
  return { signal: stop.signal, listen };
}
