import type { OptimizerName } from "steepest";

import claims from "./claims.json" with { type: "json" };

/** A property of an optimizer that a test holds. */
export interface Claim {
  readonly says: string;
  /** The test's file, from the root of the repository. */
  readonly test: string;
}

/** What tests hold of an optimizer besides what they hold of all. */
export const claimsOf = (name: OptimizerName): readonly Claim[] =>
  (claims as Readonly<Partial<Record<OptimizerName, readonly Claim[]>>>)[name] ?? [];
