import { readdirSync, readFileSync } from "node:fs";

/** Whether a process was started with a text among its arguments. Of Linux. */
export const isNamedByProcess = (text: string): boolean =>
  readdirSync("/proc").some((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, "utf8").includes(text);
    } catch {
      return false; // it has ended meanwhile
    }
  });

/** The processes that a process started, and those that they started, by their numbers. Of Linux. */
export function processesBelow(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent] = /^\d+ \(.*\) \S (\d+) /s.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    } catch {} // it has ended meanwhile
  }
  const found: number[] = [];
  for (let left = [pid], one = left.pop(); one !== undefined; one = left.pop()) {
    const below = [...parents].flatMap(([child, parent]) => (parent === one ? [child] : []));
    found.push(...below);
    left = [...left, ...below];
  }
  return found.sort((a, b) => a - b);
}
