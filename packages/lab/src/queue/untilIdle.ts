import { setTimeout } from "node:timers/promises";

interface Idling {
  readonly signal: AbortSignal;
  /** Seconds; undefined: never. */
  readonly idle: number | undefined;
  readonly busy: () => boolean;
}

/** Resolves when the signal is aborted, or when nothing was done for `idle` seconds. */
export async function untilIdle({ signal, idle, busy }: Idling): Promise<void> {
  let since = performance.now();
  const tick = Math.min(1000, (idle ?? 1) * 250);
  while (!signal.aborted) {
    await setTimeout(tick, undefined, { signal }).catch(() => {});
    if (busy()) since = performance.now();
    else if (idle !== undefined && performance.now() - since > idle * 1000) return;
  }
}
