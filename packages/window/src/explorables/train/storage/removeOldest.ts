import type { ByteStore } from "./byteStore.ts";

/** Trainings that are kept, of both sides together. */
const KEPT = 8;
/** The reader's text, which is no training. */
export const OWN_TEXT = "own-text";

/** Makes room: the trainings that were written longest ago go, but never `latest`. */
export async function removeOldest(store: ByteStore, latest: string): Promise<void> {
  const others = (await store.names()).filter(({ name }) => name !== latest && name !== OWN_TEXT);
  const old = others.sort((a, b) => b.changed - a.changed).slice(KEPT - 1);
  for (const { name } of old) await store.remove(name);
}
