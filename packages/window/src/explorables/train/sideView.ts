import type { Engine } from "./engine/engine.ts";
import type { Sample } from "./engine/sample.ts";

/** What a page shows of a side. */
export interface SideView {
  readonly status: "starting" | "paused" | "running" | "failed";
  readonly engine: Engine | undefined;
  readonly step: number;
  /** Before each step, the first one first. */
  readonly losses: readonly number[];
  readonly milliseconds: readonly number[];
  readonly samples: readonly Sample[];
  readonly parameters: number;
  /** Tokens or images. */
  readonly perStep: number;
  /** When and where it was saved, or why not, as a sentence. */
  readonly saved: string;
  /** What went wrong, as a sentence. */
  readonly fault: string | undefined;
}

export const emptyView: SideView = {
  status: "starting",
  engine: undefined,
  step: 0,
  losses: [],
  milliseconds: [],
  samples: [],
  parameters: 0,
  perStep: 0,
  saved: "",
  fault: undefined,
};

/** Steps that a speed is told from. */
const RECENT = 20;

/** Tokens or images of the last steps by the time they took; undefined before there are some. */
export function speedOf({ milliseconds, perStep }: SideView): number | undefined {
  const recent = milliseconds.slice(-RECENT);
  const time = recent.reduce((sum, one) => sum + one, 0);
  return recent.length < 2 || time === 0 ? undefined : (1000 * perStep * recent.length) / time;
}
