import type { CompareRow } from "../compare/compareRow.ts";
import { quietRun } from "../compare/planComparison.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import type { Json, JsonOptions } from "../plan/runPlan.ts";
import { edgesOf } from "./edges.ts";
import { type Outcome, scorePoints } from "./outcomes.ts";
import { axesOf } from "./points.ts";
import type { SweepSpec } from "./sweepSpec.ts";

/** What a sweep found for one optimizer. */
export interface OptimizerFinding {
  readonly label: string;
  /** The settings with the least mean loss over the seeds, among runs of all steps. Null where every one of them failed. */
  readonly best: {
    readonly settings: JsonOptions;
    readonly loss: number;
    readonly losses: readonly number[];
  } | null;
  readonly points: number;
  readonly diverged: number;
  readonly failed: number;
  /** `learningRate is best at 0.1, the largest that was tried`. */
  readonly edges: readonly string[];
  /** For each setting the best mean loss at each of its values, null where all diverged. */
  readonly profiles: readonly Profile[];
}

export interface Profile {
  readonly name: string;
  readonly values: readonly { readonly value: Json; readonly loss: number | null }[];
}

/** What came out for each optimizer, in the order in which they were named. */
export function summarizeSweep(
  spec: SweepSpec,
  outcomes: readonly Outcome[],
  rows: ReadonlyMap<string, CompareRow>,
): OptimizerFinding[] {
  const model = resolvePlan(quietRun, spec.base).model;
  return spec.contenders.map((contender) => {
    const { label } = contender;
    const points = scorePoints(outcomes, label, 1);
    const [best] = points;
    const own = outcomes.filter(({ trial }) => trial.label === label);
    const count = (status: CompareRow["status"]): number =>
      own.filter(({ trial }) => rows.get(trial.id)?.status === status).length;
    const axes = axesOf(spec, contender, model);
    return {
      label,
      best:
        best === undefined || !Number.isFinite(best.loss)
          ? null
          : { ...best, losses: best.losses.filter((loss) => loss !== null) },
      points: points.length,
      diverged: count("diverged"),
      failed: count("failed"),
      edges: edgesOf(points, axes).map(
        ({ axis, end }) =>
          `${axis.name} is best at ${JSON.stringify(best?.settings[axis.name])}, the ${end === "low" ? "smallest" : "largest"} that was tried`,
      ),
      profiles: axes.map(({ axis }) => profileOf(axis.name, points)),
    };
  });
}

function profileOf(name: string, points: ReturnType<typeof scorePoints>): Profile {
  const best = new Map<string, { value: Json; loss: number }>();
  for (const { settings, loss } of points) {
    const value = settings[name];
    if (value === undefined) continue;
    const key = JSON.stringify(value);
    const known = best.get(key);
    if (known === undefined || loss < known.loss) best.set(key, { value, loss });
  }
  const values = [...best.values()].map(({ value, loss }) => ({
    value,
    loss: Number.isFinite(loss) ? loss : null,
  }));
  const numbers = values.every(({ value }) => typeof value === "number");
  return { name, values: numbers ? values.sort((a, b) => Number(a.value) - Number(b.value)) : values };
}
