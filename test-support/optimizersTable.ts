import { describeOptimizer, type Family, optimizerNames } from "steepest";

const titles: Readonly<Record<Family, string>> = {
  gradient: "Gradient",
  fisher: "Fisher: steps whitened by a structured estimate of curvature",
  "norm-constrained": "Norm-constrained: steps from the oracle of a norm ball",
  manifold: "Manifold and weight control",
};

/** The README's table of all optimizers, a row for each family. */
export function optimizersTable(): string {
  const rows = Object.entries(titles).map(([family, title]) => {
    const names = optimizerNames().filter((name) => describeOptimizer(name).family === family);
    return `| ${title} | ${names.map((name) => `\`${name}\``).join(", ")} |`;
  });
  return ["| family | optimizers |", "| --- | --- |", ...rows].join("\n");
}
