import type { Family } from "steepest";

import { familyHeadings } from "./familyHeadings.ts";
import { legend } from "./legend.ts";
import { spectrumRows } from "./spectrumRows.ts";

/** The two spectra as tables in Markdown, a family each, from the catalogue: the index of `docs/optimizers`. */
export function markdownIndex(): string {
  const lines = [
    "# Optimizers",
    "",
    legend,
    "All measurements: [docs/results/all-optimizers.md](../results/all-optimizers.md). In a terminal: `steepest optimizers`.",
    "",
    "Tests check of every optimizer that compiled, eager and native steps agree; that its state has the size of its formula; that",
    "without gradient nothing moves but decay; that the first step goes downhill; that zero, tiny, huge and rank-one gradients, and",
    "shapes with sides of one, leave finite weights; that `skipNonFinite` leaves steps with NaN or infinity out; and that no",
    "array leaks. The pages name what is checked besides.",
  ];
  for (const [family, heading] of Object.entries(familyHeadings)) {
    lines.push(
      "",
      `## ${heading}`,
      "",
      "| optimizer | structure or norm | computation | state by formula | state | ms per step | loss |",
      "| --- | --- | --- | --- | ---: | ---: | ---: |",
    );
    for (const { name, geometry, ...rest } of spectrumRows(family as Family)) {
      lines.push(`| [${name}](${name}.md) | ${[geometry, ...Object.values(rest)].join(" | ")} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}
