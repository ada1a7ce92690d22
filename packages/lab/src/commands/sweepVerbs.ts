/** What follows `steepest sweep` where it is no sweep to be made. */
export const sweepVerbs = ["status", "pause", "unpause", "cancel"] as const;
export type SweepVerb = (typeof sweepVerbs)[number];

export const isSweepVerb = (word: string | undefined): word is SweepVerb =>
  sweepVerbs.some((verb) => verb === word);

/** What the commands about a sweep are told. */
export interface ControlFlags {
  readonly queue?: string;
  readonly json?: boolean;
}
