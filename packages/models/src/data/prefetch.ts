/**
 * Batches made ahead of time: asking for a step starts the `ahead` steps after it too, so that they are read
 * and prepared while the step computes.
 *
 * `load` is a pure function of the step, as `trainBatchLater` or `trainBatch`; a synchronous one runs when the
 * event loop is next free, that is while an asynchronous engine computes. Any step may be asked for in any order; at
 * most `ahead` + 1 batches are kept. A step that failed rejects when it is asked for, not before.
 */
export function prefetch<B>(load: (step: number) => B | Promise<B>, ahead = 2): (step: number) => Promise<B> {
  if (!(Number.isSafeInteger(ahead) && ahead >= 0)) {
    throw new RangeError(`ahead must be 0, 1, 2, …; got ${ahead}`);
  }
  let ring = new Map<number, Promise<B>>();
  return (step) => {
    const wanted = ring.get(step) ?? (async () => load(step))();
    const next = new Map([[step, wanted]]);
    for (let later = step + 1; later <= step + ahead; later++) {
      next.set(later, ring.get(later) ?? afterwards(() => load(later)));
    }
    ring = next;
    return wanted;
  };
}

/** Starts when the event loop is next free. */
function afterwards<B>(work: () => B | Promise<B>): Promise<B> {
  const result = new Promise<void>((resolve) => setTimeout(resolve, 0)).then(work);
  result.catch(() => undefined); // reported to whoever asks for it; unasked, it is no error
  return result;
}
