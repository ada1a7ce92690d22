import type { LandscapeConfig } from "./landscape.ts";
import type { LeastSquaresConfig } from "./leastSquares.ts";
import type { QuadraticConfig } from "./quadratic.ts";

type Preset<F extends string, C> = { readonly family: F; readonly about: string } & C;

export type ProblemPreset =
  | Preset<"least-squares", LeastSquaresConfig>
  | Preset<"quadratic", QuadraticConfig>
  | Preset<"landscape", LandscapeConfig>;

/** Named problems: functions to minimise that need no data. All have the minimum 0. */
export const problemPresets = {
  "least-squares": {
    family: "least-squares",
    about:
      "½ ⟨X − S, A (X − S) B⟩, the convex test of The Nuclear Norm and Beyond: how fast a matrix method converges",
  },
  quadratic: {
    family: "quadratic",
    about: "½ ⟨X − S, A (X − S)⟩ with a spectrum of your choice: what a condition number costs a method",
  },
  rosenbrock: {
    family: "landscape",
    about:
      "a bent valley, found at once and followed slowly, to (1, 1): what momentum and scales are good for",
    surface: "rosenbrock",
  },
  beale: {
    family: "landscape",
    about: "a plain with steep edges and the minimum at (3, ½): what a method does with tiny gradients",
    surface: "beale",
  },
  himmelblau: {
    family: "landscape",
    about: "four minima around a hill: which of them a method walks to",
    surface: "himmelblau",
  },
  booth: {
    family: "landscape",
    about: "a bowl of condition 9 around (1, 3): overshooting and learning rates, without surprises",
    surface: "booth",
  },
} as const satisfies Record<string, ProblemPreset>;

export type ProblemName = keyof typeof problemPresets;

export const problemNames = Object.keys(problemPresets) as readonly ProblemName[];
