import { type ReadonlySignal, useSignal, useSignalEffect } from "@preact/signals";

/** `stale`: an older answer is shown while a newer one is on its way. */
export interface Answer<T> {
  readonly value?: T | undefined;
  readonly error?: unknown;
  readonly stale: boolean;
}

/**
 * The answer to a question that may change, asked again whenever a signal that `question` reads does. A question that is
 * overtaken is given up.
 */
export function useAnswer<T>(question: (signal: AbortSignal) => Promise<T>): ReadonlySignal<Answer<T>> {
  const answer = useSignal<Answer<T>>({ stale: true });
  useSignalEffect(() => {
    const stop = new AbortController();
    answer.value = { ...answer.peek(), stale: true };
    question(stop.signal).then(
      (value) => {
        if (!stop.signal.aborted) answer.value = { value, stale: false };
      },
      (error: unknown) => {
        if (!stop.signal.aborted) answer.value = { value: answer.peek().value, error, stale: false };
      },
    );
    return () => stop.abort();
  });
  return answer;
}
