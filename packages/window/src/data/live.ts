import { type ReadonlySignal, signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";

import { link } from "../address/address.ts";

/** Pages ask again at most so often, however fast a run goes. */
const PAUSE_MS = 900;
/** An address has its length: of more runs, the first are followed. */
const MOST_RUNS = 100;

/** Whether the server can be heard. */
export const connected = signal(true);

export interface Live {
  /** Grows when the list of runs changed. */
  readonly list: ReadonlySignal<number>;
  /** Grows when one of the runs has more to show. */
  readonly runs: ReadonlySignal<number>;
  /** Grows when one of the runs wrote a text. */
  readonly texts: ReadonlySignal<number>;
}

/** Listens for news of runs while the page is seen. `runs` may read signals. */
export function useLive(runs: () => readonly string[]): Live {
  const list = useSignal(0);
  const changed = useSignal(0);
  const texts = useSignal(0);
  const address = useComputed(() => link("/api/live", { run: runs().slice(0, MOST_RUNS) })); // one stream for the same runs
  useSignalEffect(() => {
    const listenTo = address.value;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        changed.value = changed.peek() + 1;
      }, PAUSE_MS);
    };
    const open = (): void => {
      source?.close();
      source = undefined;
      if (document.hidden) return;
      source = new EventSource(listenTo);
      source.addEventListener("run", later);
      source.addEventListener("texts", () => {
        texts.value = texts.peek() + 1;
      });
      source.addEventListener("runs", () => {
        list.value = list.peek() + 1;
      });
      source.onopen = () => {
        if (!connected.peek()) {
          later(); // what was missed
          texts.value = texts.peek() + 1;
        }
        connected.value = true;
      };
      source.onerror = () => {
        connected.value = false;
      };
    };
    const seen = (): void => {
      open();
      if (!document.hidden) {
        later();
        list.value = list.peek() + 1;
      }
    };
    open();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      clearTimeout(timer);
      source?.close();
    };
  });
  return { list, runs: changed, texts };
}
