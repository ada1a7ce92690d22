import type { OptimizerName } from "steepest";
import { TestRunner } from "vitest";

/** What a test holds of some optimizers, for their pages in docs/optimizers. */
export interface Claim {
  readonly optimizers: readonly OptimizerName[];
  readonly says: string;
}

declare module "vitest" {
  interface TaskMeta {
    claims?: Claim[];
  }
}

/**
 * Says on the pages of these optimizers what this test holds of them. Called in the test itself: a page promises what ran
 * and passed, nothing else (`claimsReporter.ts`).
 */
export function claim(optimizers: OptimizerName | readonly OptimizerName[], says: string): void {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error(`claim("${says}") is called outside a test`);
  const names = typeof optimizers === "string" ? [optimizers] : optimizers;
  test.meta.claims = [...(test.meta.claims ?? []), { optimizers: names, says }];
}
