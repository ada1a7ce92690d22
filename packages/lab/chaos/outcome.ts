import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { sha256 } from "@steepest/models/node";

import { listCheckpoints } from "../src/files/listCheckpoints.ts";
import { readTrials } from "../src/sweep/trialLog.ts";

/** What a folder of runs holds, apart from times: weights and states by checksum, metrics line by line, summaries. */
export type Outcome = ReadonlyMap<string, string>;

/** Numbers that differ from one machine and moment to the next. */
const times: readonly string[] = [
  "ms",
  "seconds",
  "msPerStep",
  "tokensPerSecond",
  "optimizerShare",
  "peakRssBytes",
  "runDir",
  "created",
  "environment",
];

/** Files that only work on its way has. */
export const leftovers = (folder: string): string[] =>
  filesBelow(folder)
    .map((path) => relative(folder, path))
    .filter((path) => /\.part$|\.tmp\/|\.lock/.test(path));

export function outcomeOf(folder: string): Outcome {
  const found = new Map<string, string>();
  for (const path of filesBelow(folder)) {
    const name = relative(folder, path);
    const last = lastCheckpoint(join(folder, name));
    if (name.endsWith(".safetensors") && !last) continue; // one that was asked for has one more on its way
    if (name.endsWith(".safetensors")) found.set(name, sha256(readFileSync(path)));
    else if (name.endsWith("sample.txt")) found.set(name, readFileSync(path, "utf8"));
    else if (name === "trials.jsonl") {
      const { trials } = readTrials(folder); // the last line of each
      found.set(
        name,
        [...trials.values()]
          .map((trial) => withoutTimes(trial, folder))
          .sort()
          .join("\n"),
      );
    } else if (name.endsWith(".jsonl")) {
      const lines = readFileSync(path, "utf8").split("\n");
      found.set(name, lines.map((line) => (line === "" ? "" : withoutTimes(JSON.parse(line)))).join("\n"));
    } else if (/(^|\/)(summary|compare|sweep)\.json$/.test(name)) {
      found.set(name, withoutTimes(JSON.parse(readFileSync(path, "utf8")), folder));
    } else if (/(^|\/)(report\.html|trials\.csv|config\.json)$/.test(name)) found.set(name, "there");
  }
  return found;
}

/** Whether a file is in the last checkpoint of its run. */
function lastCheckpoint(path: string): boolean {
  const step = Number(/step-(\d+)$/.exec(dirname(path))?.[1]);
  return step === Math.max(...listCheckpoints(dirname(dirname(dirname(path)))));
}

/** Sentences on what differs. */
export function differences(expected: Outcome, found: Outcome): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((name) => {
    const [wanted, got] = [expected.get(name), found.get(name)];
    if (wanted === got) return [];
    if (wanted === undefined) return `${name} is there and should not be`;
    return got === undefined ? `${name} is missing` : `${name} differs: ${firstDifference(wanted, got)}`;
  });
}

function firstDifference(wanted: string, got: string): string {
  const [a, b] = [wanted.split("\n"), got.split("\n")];
  const at = a.findIndex((line, i) => line !== b[i]);
  const where = at < 0 ? a.length : at;
  const [one = "", other = ""] = [a[where], b[where]];
  const letter = [...one].findIndex((char, i) => char !== other[i]);
  const show = (line: string): string => line.slice(Math.max(0, letter - 60), letter + 60);
  return `line ${where + 1} of ${a.length} and ${b.length} has "${show(other)}", not "${show(one)}"`;
}

/** JSON with its names in order: which way a number came into a file makes no difference. */
function withoutTimes(value: unknown, folder = ""): string {
  const ordered = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(ordered);
    if (typeof inner !== "object" || inner === null) return inner;
    const kept = Object.entries(inner).filter(([name]) => !times.includes(name));
    return Object.fromEntries(kept.map(([name, own]) => [name, ordered(own)]).sort());
  };
  const text = JSON.stringify(ordered(value));
  return folder === "" ? text : text.replaceAll(folder, "");
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}
