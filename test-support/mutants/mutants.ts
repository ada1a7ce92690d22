/**
 * Puts small faults into the sources, one after the other, and looks whether a test fails: first the quick ones, then all. Writes
 * docs/results/mutants.md. The working tree must be clean; every file is put back.
 *
 *   npm run mutants [-- --only WORDS]
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { scriptFlags } from "../scriptFlags.ts";
import { type Mutant, mutants } from "./list.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { only } = scriptFlags("npm run mutants -- [--only WORDS]", { only: "" });

const git = (...argv: readonly string[]): string =>
  spawnSync("git", argv, { cwd: root, encoding: "utf8" }).stdout.trim();
if (git("status", "--porcelain", "--untracked-files=no") !== "")
  throw new Error("the working tree has changes: commit them first, mutants are put into its files");

/** The first test that fails; undefined where all pass. */
function caughtBy(mode: readonly string[]): string | undefined {
  const { status, signal, stdout } = spawnSync(
    "npx",
    ["vitest", "run", "--bail=1", "--reporter=json", ...mode],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
      env: { ...process.env, CI: "1" },
    },
  );
  if (status === 0) return undefined;
  if (signal !== null || status === 130) throw new Error("stopped");
  try {
    const report = JSON.parse(stdout.slice(stdout.indexOf("{"), stdout.lastIndexOf("}") + 1));
    for (const { name, status: state, assertionResults } of report.testResults) {
      const failed = assertionResults.find((one: { status: string }) => one.status === "failed");
      if (failed !== undefined || state === "failed")
        return `${name.slice(root.length)}: ${failed?.title ?? "does not load"}`;
    }
  } catch {}
  return "a test that could not be named";
}

function lookAt({ file, find, replace }: Mutant): { quick?: string | undefined; all?: string | undefined } {
  const path = `${root}${file}`;
  const source = readFileSync(path, "utf8");
  if (source.split(find).length !== 2) throw new Error(`${file} must hold this once: ${find}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    const quick = caughtBy(["--mode", "quick"]);
    return quick === undefined ? { all: caughtBy([]) } : { quick };
  } finally {
    writeFileSync(path, source);
  }
}

// Ctrl-C ends the tests, and then this, with the source put back: without a listener it would end in the middle.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});

const chosen = mutants.filter(({ what }) => what.includes(only));
const rows = chosen.map((mutant, i) => {
  const { quick, all } = lookAt(mutant);
  console.log(`${i + 1} of ${chosen.length}: ${mutant.what}: ${quick ?? all ?? "NOT CAUGHT"}`);
  return { ...mutant, quick, all };
});
const survived = rows.filter(({ quick, all }) => quick === undefined && all === undefined);
if (only === "") {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  writeFileSync(
    `${root}docs/results/mutants.md`,
    [
      "# Faults that tests see",
      "",
      `\`npm run mutants\` puts ${rows.length} small faults into the sources, one after the other, and looks which test fails first: of the quick ones (\`npm run test:quick\`), or else of all.`,
      `Commit ${git("rev-parse", "--short", "HEAD")}: ${rows.filter(({ quick }) => quick !== undefined).length} were caught by the quick tests, ${rows.filter(({ all }) => all !== undefined).length} by the others, ${survived.length} by none.`,
      "",
      "| fault | in | caught by |",
      "| --- | --- | --- |",
      ...rows.map(
        ({ what, file, quick, all }) =>
          `| ${cell(what)} | \`${file.replace(/^packages\//, "")}\` | ${cell(quick === undefined ? (all === undefined ? "**none**" : `all tests: ${all}`) : quick)} |`,
      ),
      "",
    ].join("\n"),
  );
}
if (survived.length > 0) process.exitCode = 1;
