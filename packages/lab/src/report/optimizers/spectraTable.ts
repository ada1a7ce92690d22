import { describeOptimizer, type Family, type OptimizerName, optimizerNames } from "steepest";

import { measurementOf } from "./measurement.ts";

/** The families in the order they are shown. */
export const familyHeadings = {
  fisher: "Fisher-approximated: which structure the curvature estimate has",
  "norm-constrained": "Norm-constrained: in which norm the step is the steepest",
  manifold: "Manifolds and weight control: where weights or steps live",
  gradient: "Plain gradients",
} as const satisfies Record<Family, string>;

/** What the numbers and letters of the table mean. */
export const legend =
  "Weights are m × n with m ≤ n, r is a rank, K the steps between two refreshes, T the iterations of a matrix function. " +
  "State is that of an m × n weight. Measured on the default GPT, 300 steps at the best learning rate: " +
  "state in floats per parameter, processor time of a whole step on one thread, validation loss in nats per character.";

/** A row of the table: formulas, and beside them what was measured. Empty where nothing was. */
export interface SpectrumRow {
  readonly name: OptimizerName;
  readonly geometry: string;
  readonly computation: string;
  /** Floats of state by formula. */
  readonly formula: string;
  /** Floats of state per parameter, measured. */
  readonly state: string;
  readonly ms: string;
  readonly loss: string;
}

/** The rows of a family, in the order of the catalogue. */
export function spectrumRows(family: Family): SpectrumRow[] {
  return optimizerNames()
    .filter((name) => describeOptimizer(name).family === family)
    .map((name) => {
      const { geometry, computation, state: formula } = describeOptimizer(name);
      const measured = measurementOf(name);
      return {
        name,
        geometry,
        computation,
        formula,
        state: measured?.stateFloatsPerParameter.toFixed(2) ?? "",
        ms: measured?.msPerStep.toFixed(1) ?? "",
        loss: measured?.valLoss.toFixed(3) ?? "",
      };
    });
}

/** The two spectra as tables in Markdown, a family each, from the catalogue: the index of `docs/optimizers`. */
export function spectraTable(): string {
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
