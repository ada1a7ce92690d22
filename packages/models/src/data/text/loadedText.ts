import type { Loaded } from "../loaded.ts";

/** A text in memory. */
export interface LoadedText extends Loaded {
  readonly kind: "text";
  readonly text: string;
}
