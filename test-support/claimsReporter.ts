import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Reporter, SerializedError, TestModule, TestRunEndReason, Vitest } from "vitest/node";

import type { Claim } from "./claim.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const file = `${root}packages/lab/src/report/optimizers/claims.json`;

/** By optimizer, in the order of the alphabet, what is said and the file of the test that holds it. */
export type Claims = Readonly<Record<string, readonly { readonly says: string; readonly test: string }[]>>;

/**
 * Keeps claims.json to what tests claim: a run of all tests that passes writes it anew, and in CI fails where it differs.
 * Pages are then made from it by `npm run docs`.
 */
export default class ClaimsReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): Promise<void> {
    const all = (await this.#vitest?.globTestSpecifications()) ?? [];
    const part =
      this.#vitest?.config.testNamePattern !== undefined ||
      ["quick", "peers"].includes(this.#vitest?.vite.config.mode ?? "");
    const whole = modules.length >= all.length && !part;
    if (!whole || reason !== "passed" || errors.length > 0) return;
    const text = `${JSON.stringify(claimsOf(modules), null, 2)}\n`;
    if (readFileSync(file, "utf8") === text) return;
    if (process.env.CI === undefined) {
      writeFileSync(file, text);
      console.log("What tests claim has changed, and claims.json with it. Now: npm run docs");
    } else {
      console.error("claims.json is not what tests claim. Run all tests and npm run docs, and commit both.");
      process.exitCode = 1;
    }
  }
}

/** What passed tests claim. */
export function claimsOf(modules: readonly Pick<TestModule, "moduleId" | "children">[]): Claims {
  const found = new Map<string, Map<string, string>>();
  for (const { moduleId, children } of modules) {
    for (const test of children.allTests("passed")) {
      const claims: readonly Claim[] = test.meta().claims ?? [];
      for (const { optimizers, says } of claims) {
        for (const name of optimizers) {
          const own = found.get(name) ?? new Map<string, string>();
          found.set(name, own.set(says, relative(root, moduleId)));
        }
      }
    }
  }
  const byText = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);
  return Object.fromEntries(
    [...found]
      .sort(byText)
      .map(([name, own]) => [name, [...own].sort(byText).map(([says, test]) => ({ says, test }))]),
  );
}
