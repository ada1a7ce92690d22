import { type NormRow, normNames, normRow } from "steepest/norms";

/** The columns of the table in docs/norms.md, in its order. */
const columns: readonly (readonly [heading: string, cell: keyof NormRow])[] = [
  ["value(A)", "value"],
  ["dual(G)", "dual"],
  ["lmo(G)", "lmo"],
  ["sharp(G)", "sharp"],
  ["init", "init"],
  ["cost of lmo", "cost"],
];

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const heading = line(["name", ...columns.map(([name]) => name)]);

/** The text of docs/norms.md with its table of norms as their files have it. Throws where it has no such table. */
export function withNormTable(text: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(heading);
  const end = lines.indexOf("", start);
  if (start < 0 || end < 0) throw new Error(`docs/norms.md has no table that begins with ${heading}`);
  const rows = normNames().map((name) => {
    const row = normRow(name);
    return line([`\`${name}\``, ...columns.map(([, cell]) => row[cell])]);
  });
  const rule = line(["name", ...columns].map(() => "---"));
  return [...lines.slice(0, start), heading, rule, ...rows, ...lines.slice(end)].join("\n");
}
