import { quietRun } from "../compare/planComparison.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { isRange } from "./axis.ts";
import { settingOf } from "./setting.ts";
import { SOBOL_DIMENSIONS } from "./sobol.ts";
import type { SweepSpec } from "./sweepSpec.ts";

/** Which flags somebody gave, for what does not go together. */
interface Given {
  readonly points?: string;
  readonly extend?: string;
  readonly halving?: boolean;
}

/** Throws `UsageError` where parts of a sweep contradict each other. Whether its plans can work is seen when they are made. */
export function expectSpec(spec: SweepSpec, given: Given): void {
  const { axes, contenders, base, design, sameExamples } = spec;
  const { model } = resolvePlan(quietRun, base);
  const twice = axes.find(({ name }, i) => axes.findIndex((one) => one.name === name) < i);
  if (twice !== undefined) throw new UsageError(`--over has ${twice.name} twice: give it one list or range`);
  for (const axis of axes) {
    const setting = settingOf(axis.name, contenders, model);
    const fixed = contenders.find(({ options }) => Object.hasOwn(options, axis.name));
    if (fixed !== undefined) {
      throw new UsageError(
        `${axis.name} is both varied and given in "${fixed.label}": leave one of them out`,
      );
    }
    if (isRange(axis) && setting.whole && axis.low < 1 && setting.of !== "optimizer") {
      throw new UsageError(`--over ${axis.name} is a whole number ≥ 1, and its range begins at ${axis.low}`);
    }
    if (sameExamples && axis.name === "steps") {
      throw new UsageError("--same-examples decides the steps, so they cannot vary: leave one of them out");
    }
  }
  if (given.points !== undefined && design === "grid") {
    throw new UsageError(
      "--points is for --design sobol and gp; a range of a grid has its own, as in learningRate=1e-4..1e-1:7",
    );
  }
  if (given.extend !== undefined && (design !== "grid" || given.halving === true)) {
    throw new UsageError("--extend is for a grid of whole runs: leave it out, or --design and --halving");
  }
  if (design === "gp" && given.halving === true) {
    throw new UsageError(
      "--design gp chooses by whole runs: leave --halving out, or use --design sobol with it",
    );
  }
  if (design !== "grid" && axes.length > SOBOL_DIMENSIONS) {
    throw new UsageError(
      `--design ${design} varies at most ${SOBOL_DIMENSIONS} settings, got ${axes.length}`,
    );
  }
}
