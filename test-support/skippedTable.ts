import type { Reporter, SerializedError, TestModule, Vitest } from "vitest/node";

import { ENABLED_BY } from "./skipUnless.ts";

const UNSAID: readonly [string, string] = ["without a reason", "skipUnless in place of skip"];

/** A reporter that ends a run with a table of what was skipped and what would enable it. */
export default class SkippedTable implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[], _errors: readonly SerializedError[]): Promise<void> {
    const chosenByName = this.#vitest?.config.testNamePattern !== undefined;
    const counts = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests("skipped")) {
        const result = test.result();
        const note = result.state === "skipped" ? result.note : undefined;
        // With -t, what was not asked for is skipped, too.
        if (note === undefined && chosenByName) continue;
        const line = note ?? UNSAID.join(ENABLED_BY);
        counts.set(line, (counts.get(line) ?? 0) + 1);
      }
    }
    console.log(skippedLines(counts).join("\n"));
    const all = (await this.#vitest?.globTestSpecifications()) ?? [];
    const others = otherModes(this.#vitest?.vite.config.mode ?? "");
    if (modules.length >= all.length && !chosenByName && others !== undefined) console.log(others);
  }
}

/** The lines of the table; notes with the number of tests that bear them. */
export function skippedLines(counts: ReadonlyMap<string, number>): string[] {
  if (counts.size === 0) return ["Nothing was skipped."];
  const rows = [...counts].map(([note, count]) => {
    const [what = "", enabledBy = ""] = note.split(ENABLED_BY);
    return [String(count), what, enabledBy] as const;
  });
  const all = [["tests", "skipped", "enabled by"] as const, ...rows];
  const width = (column: 0 | 1): number => Math.max(...all.map((row) => row[column].length));
  return [
    "",
    ...all.map(([count, what, by]) => `${count.padStart(width(0))}  ${what.padEnd(width(1))}  ${by}`),
    "",
  ];
}

/** What a run in this mode leaves out as a whole, in a line. */
export function otherModes(mode: string): string | undefined {
  const peers =
    "npm run test:peers runs those that start browsers, MPI, Redis and Postgres, or kill processes";
  if (mode === "peers") return undefined;
  return mode === "quick" ? `npm test runs the slow ones too; ${peers}.` : `Not among these: ${peers}.`;
}
