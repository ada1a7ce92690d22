import { watchBlocked } from "./watchBlocked.ts";

/** Exit code of a command that was asked to stop. */
export const STOPPED = 130;

/** One press of Ctrl-C can arrive twice: from the terminal, and passed on by npm. */
const ONE_PRESS_MS = 250;

/**
 * The first Ctrl-C, and the first request of a container, a batch system or a closing terminal, aborts what is returned,
 * so that work can be saved. After that Ctrl-C ends the process: nobody listens to it any more, so that the system does
 * it. A process that `computes` for long without listening is watched from outside, see `watchBlocked`.
 */
export function stopSignals(
  say: (line: string) => void,
  { computes = false }: { readonly computes?: boolean } = {},
): AbortSignal {
  const stop = new AbortController();
  const noticed = computes ? watchBlocked() : () => {};
  const ask = (): void => {
    if (stop.signal.aborted) return;
    noticed();
    stop.abort();
    say("\nstopping, a run after its step and a checkpoint; Ctrl-C again to stop at once");
    setTimeout(() => process.off("SIGINT", ask), ONE_PRESS_MS).unref();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, ask);
  return stop.signal;
}
