import { existsSync } from "node:fs";

/** The path itself where nothing is, else the first of `path-2`, `path-3`, … where nothing is. */
export function firstFreePath(path: string): string {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? path : `${path}-${i}`;
    if (!existsSync(candidate)) return candidate;
  }
}
