import type { Line } from "./line.ts";

/** A line for each place of each curve: what is drawn, at the width it is drawn. Names are quoted, and never a formula. */
export function chartCsv(lines: readonly Line[]): string {
  const rows = lines.flatMap(({ label, curve }) =>
    curve.x.map((x, i) => [quoted(label), x, curve.mean[i], curve.min[i], curve.max[i]].join(",")),
  );
  return `${["run,x,mean,min,max", ...rows].join("\n")}\n`;
}

/** A table program takes text that begins with = + - @ for a formula. */
export const quoted = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
