import { didYouMean } from "steepest";
import { ConfigError } from "../model/configError.ts";
import { type LandscapeConfig, landscape } from "./landscape.ts";
import { type LeastSquaresConfig, leastSquares } from "./leastSquares.ts";
import type { ProblemModel } from "./problemModel.ts";
import { type ProblemName, type ProblemPreset, problemNames, problemPresets } from "./problemPresets.ts";
import { type QuadraticConfig, quadratic } from "./quadratic.ts";

/**
 * The problem of a preset, with some of its settings replaced.
 * Throws `ConfigError` for an unknown name or setting and for settings that do not go together.
 */
export function createProblem(name: string, settings: Readonly<Record<string, unknown>> = {}): ProblemModel {
  if (!isProblemName(name)) {
    throw new ConfigError(
      `there is no problem "${name}"${didYouMean(name, problemNames)}; they are ${problemNames.join(", ")}`,
    );
  }
  const { family, about: _, ...preset }: ProblemPreset = problemPresets[name];
  // The families check names and values of their settings themselves.
  const config = { ...preset, ...settings };
  switch (family) {
    case "least-squares":
      return leastSquares(config as LeastSquaresConfig);
    case "quadratic":
      return quadratic(config as QuadraticConfig);
    case "landscape":
      return landscape(config as LandscapeConfig);
  }
}

const isProblemName = (name: string): name is ProblemName => Object.hasOwn(problemPresets, name);
