const LOCK = "steepest-train";

/**
 * Asks to be the one tab that saves. `tell` hears whether this one is, at once and when the other is closed. Browsers without
 * Web Locks let every tab save. Returns what gives the right back.
 */
export function soleOwner(tell: (owner: boolean) => void): () => void {
  const { locks } = navigator;
  if (locks === undefined) {
    tell(true);
    return () => {};
  }
  const end = new AbortController();
  const held = (): Promise<void> => {
    tell(true);
    return new Promise((resolve) => end.signal.addEventListener("abort", () => resolve()));
  };
  void locks.request(LOCK, { ifAvailable: true }, (lock) => {
    if (end.signal.aborted) return;
    if (lock !== null) return held();
    tell(false);
    void locks.request(LOCK, { signal: end.signal }, held).catch(() => {}); // ended while it waited
    return;
  });
  return () => end.abort();
}
