import type { TrainSettings } from "../engine/trainSettings.ts";

/** Settings in a few characters: the same for the same training. Not secret, not safe against malice. */
export function settingsKey({ subject, optimizer, size, seed, text }: TrainSettings): string {
  if (subject === "digits") return `${optimizer}-digits-${size}-${seed}`;
  return `${optimizer}-${size}-${seed}-${text.length.toString(36)}-${hashOf(text).toString(36)}`;
}

/** FNV-1a, 32 bits, of UTF-16 units. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
