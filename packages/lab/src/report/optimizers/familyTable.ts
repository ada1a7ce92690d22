import { describeOptimizer, type Family, optimizerNames } from "steepest";

/** What the row of each family begins with. */
const rows: Readonly<Record<Family, string>> = {
  gradient: "| Gradient",
  fisher: "| Fisher",
  "norm-constrained": "| Norm-constrained",
  manifold: "| Manifold",
};

/** A page with the table of families in it, every optimizer in the row of its own. Throws where a row is not there. */
export function withFamilyTable(page: string): string {
  return Object.entries(rows).reduce((text, [family, start]) => {
    const names = optimizerNames().filter((name) => describeOptimizer(name).family === family);
    const row = text.split("\n").find((line) => line.startsWith(start));
    const [, label] = row?.split("|") ?? [];
    if (row === undefined || label === undefined) throw new Error(`the page has no row "${start} …"`);
    return text.replace(row, `|${label}| ${names.map((name) => `\`${name}\``).join(", ")} |`);
  }, page);
}
