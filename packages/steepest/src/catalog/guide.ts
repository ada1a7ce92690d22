import type { OptimizerName } from "./catalog.ts";
import { fisherGuides } from "./guides/fisherGuides.ts";
import type { Guide } from "./guides/guide.ts";
import { manifoldGuides } from "./guides/manifoldGuides.ts";
import { normConstrainedGuides } from "./guides/normConstrainedGuides.ts";

export type { Guide, Invariant } from "./guides/guide.ts";

/** When to use each optimizer, and what is checked of it. */
export const guides: Readonly<Record<OptimizerName, Guide>> = {
  ...fisherGuides,
  ...normConstrainedGuides,
  ...manifoldGuides,
};
