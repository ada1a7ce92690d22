import type { Contender } from "../compare/contender.ts";
import type { JsonOptions } from "../plan/runPlan.ts";
import type { Axis } from "./axis.ts";
import { gridValues, valueAt } from "./axisValues.ts";
import { hasSetting, type Setting, settingOf } from "./setting.ts";
import { sobolPoint } from "./sobol.ts";
import type { SweepSpec } from "./sweepSpec.ts";
import type { Point } from "./trial.ts";

/** An axis with whose setting it is. */
export interface SettledAxis {
  readonly axis: Axis;
  readonly setting: Setting;
}

/** The axes that an optimizer reads. */
export function axesOf(spec: SweepSpec, contender: Contender, model: string): SettledAxis[] {
  return spec.axes
    .map((axis) => ({ axis, setting: settingOf(axis.name, spec.contenders, model) }))
    .filter(({ axis, setting }) => hasSetting(contender, axis.name, setting));
}

/** Points of a search that come before any is chosen by a model: twice as many as settings vary, and at least these. */
const LEAST_FIRST = 4;

const firstCount = ({ design, points, axes }: SweepSpec): number =>
  design === "gp" ? Math.min(points, Math.max(LEAST_FIRST, 2 * axes.length)) : points;

/** The points of a sweep before anything is known, those of the first optimizer first. Every optimizer gets the same places. */
export function firstPoints(spec: SweepSpec, model: string): Point[] {
  return spec.contenders.flatMap((contender) => {
    const axes = axesOf(spec, contender, model);
    const all = spec.design === "grid" ? gridOf(axes) : sobolOf(axes, spec);
    const different = new Map(all.map((settings) => [JSON.stringify(settings), settings]));
    return [...different.values()].map((settings) => ({ label: contender.label, settings }));
  });
}

const gridOf = (axes: readonly SettledAxis[]): JsonOptions[] =>
  axes.reduce<JsonOptions[]>(
    (points, { axis, setting }) =>
      points.flatMap((point) =>
        gridValues(axis, setting.whole).map((value) => ({ ...point, [axis.name]: value })),
      ),
    [{}],
  );

function sobolOf(axes: readonly SettledAxis[], spec: SweepSpec): JsonOptions[] {
  const { seeds, axes: all } = spec;
  return Array.from({ length: firstCount(spec) }, (_, i) => {
    const places = sobolPoint(i, all.length, seeds[0] ?? 0);
    const at = ({ axis, setting }: SettledAxis): [string, JsonOptions[string]] => [
      axis.name,
      valueAt(axis, places[all.indexOf(axis)] ?? 0, setting.whole),
    ];
    return Object.fromEntries(axes.map(at));
  });
}
