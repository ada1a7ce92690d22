import type { LandscapeConfig } from "./landscape.ts";
import type { LeastSquaresConfig } from "./leastSquares.ts";
import type { QuadraticConfig } from "./quadratic.ts";

export type ProblemPreset =
  | ({ readonly family: "least-squares" } & LeastSquaresConfig)
  | ({ readonly family: "quadratic" } & QuadraticConfig)
  | ({ readonly family: "landscape" } & LandscapeConfig);

/** Named problems: functions to minimise that need no data. */
export const problemPresets = {
  /** ½ ⟨X − S, A (X − S) B⟩ of The Nuclear Norm and Beyond. */
  "least-squares": { family: "least-squares" },
  /** ½ ⟨X − S, A (X − S)⟩, the spectrum of A chosen. */
  quadratic: { family: "quadratic" },
  rosenbrock: { family: "landscape", surface: "rosenbrock" },
  beale: { family: "landscape", surface: "beale" },
  himmelblau: { family: "landscape", surface: "himmelblau" },
  booth: { family: "landscape", surface: "booth" },
} as const satisfies Record<string, ProblemPreset>;

export type ProblemName = keyof typeof problemPresets;

export const problemNames = Object.keys(problemPresets) as readonly ProblemName[];
