import { describeOptimizer, optimizerNames, spectra } from "steepest";

const headings = {
  fisher: "Fisher-approximated: which structure the curvature estimate has",
  "norm-constrained": "Norm-constrained: in which norm the step is the steepest",
  manifold: "Manifolds and weight control: where weights or steps live",
  gradient: "Plain gradients",
} as const;

/** The two spectra as tables in Markdown, a family each, from the catalogue: the index of `docs/optimizers`. */
export function spectraTable(): string {
  const lines = [
    "# Optimizers",
    "",
    "Weights are m × n with m ≤ n, r is a rank, K the steps between two refreshes, T the iterations of a matrix function.",
    "Memory counts the weight and the state, not the gradient. Structures are those of the Fisher matrix of vec(G), vec stacking columns.",
  ];
  for (const [family, heading] of Object.entries(headings)) {
    lines.push(
      "",
      `## ${heading}`,
      "",
      "| optimizer | structure or norm | computation | memory |",
      "| --- | --- | --- | --- |",
    );
    for (const name of optimizerNames().filter((one) => describeOptimizer(one).family === family)) {
      const { geometry = "", computation = "", memory = "" } = spectra[name] ?? {};
      lines.push(`| [${name}](${name}.md) | ${geometry} | ${computation} | ${memory} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}
