import { quietRun } from "../compare/planComparison.ts";
import { resolvePlan } from "../plan/resolvePlan.ts";
import { valueBeyond } from "./axisValues.ts";
import { edgesOf } from "./edges.ts";
import { type Outcome, scorePoints } from "./outcomes.ts";
import { axesOf, firstPoints } from "./points.ts";
import { searchPoints } from "./searchPoints.ts";
import type { SweepSpec } from "./sweepSpec.ts";
import { type Point, type Trial, trialOf } from "./trial.ts";

/** Of a sweep that halves: lengths of the runs, and what share of the points each length keeps of the one before. */
const RUNGS = [1 / 9, 1 / 3, 1] as const;
const KEPT = 1 / 3;

/**
 * The trials that come next: all that the outcomes so far call for and that have none yet. Empty: the sweep is complete. Depends
 * on nothing else, so that a sweep that was killed goes on where it was.
 */
export function nextTrials(spec: SweepSpec, outcomes: readonly Outcome[]): Trial[] {
  const model = resolvePlan(quietRun, spec.base).model;
  const called = spec.halving
    ? rungs(spec, outcomes, model)
    : [...first(spec, model, 1), ...beyond(spec, outcomes, model), ...searched(spec, outcomes, model)];
  const known = new Set(outcomes.map(({ trial }) => trial.id));
  const fresh = new Map(called.filter(({ id }) => !known.has(id)).map((trial) => [trial.id, trial]));
  return [...fresh.values()];
}

const withSeeds = (spec: SweepSpec, points: readonly Point[], share: number): Trial[] =>
  spec.seeds.flatMap((seed) => points.map((point) => trialOf(spec, point, seed, share)));

const first = (spec: SweepSpec, model: string, share: number): Trial[] =>
  withSeeds(spec, firstPoints(spec, model), share);

/** Once every point of an optimizer has an outcome: one more value beyond each end at which its best one lies. */
function beyond(spec: SweepSpec, outcomes: readonly Outcome[], model: string): Trial[] {
  if (spec.extend === 0 || spec.design !== "grid") return [];
  const known = new Set(outcomes.map(({ trial }) => trial.id));
  const start = first(spec, model, 1);
  return spec.contenders.flatMap((contender) => {
    if (start.some(({ label, id }) => label === contender.label && !known.has(id))) return [];
    const points = scorePoints(outcomes, contender.label, 1);
    const [best] = points;
    if (best === undefined) return [];
    return edgesOf(points, axesOf(spec, contender, model)).flatMap(({ axis, whole, end, beyond: made }) => {
      if (made >= spec.extend) return [];
      const value = valueBeyond(axis, end, made + 1, whole);
      if (whole && value < 1) return [];
      const settings = { ...best.settings, [axis.name]: value };
      return withSeeds(spec, [{ label: contender.label, settings }], 1);
    });
  });
}

/** Of a search: points of an optimizer that are made before what they come to is looked at. */
const SEARCHED_AT_ONCE = 2;

/** Once all that was called for has an outcome: the next points where a model of the outcomes expects most. */
function searched(spec: SweepSpec, outcomes: readonly Outcome[], model: string): Trial[] {
  if (spec.design !== "gp") return [];
  const known = new Set(outcomes.map(({ trial }) => trial.id));
  const start = first(spec, model, 1);
  if (start.some(({ id }) => !known.has(id))) return [];
  return spec.contenders.flatMap((contender) => {
    const { label } = contender;
    const points = scorePoints(outcomes, label, 1);
    const left = Math.min(SEARCHED_AT_ONCE, spec.points - points.length);
    if (left <= 0 || points.length === 0) return [];
    const next = searchPoints(points, axesOf(spec, contender, model), left, spec.seeds[0] ?? 0);
    return withSeeds(
      spec,
      next.map((settings) => ({ label, settings })),
      1,
    );
  });
}

/** Every optimizer keeps as many points as the others, whatever their losses are: it is a search in each, not a race. */
function rungs(spec: SweepSpec, outcomes: readonly Outcome[], model: string): Trial[] {
  const called = first(spec, model, RUNGS[0]);
  const known = new Set(outcomes.map(({ trial }) => trial.id));
  for (const { label } of spec.contenders) {
    let current = called.filter((trial) => trial.label === label);
    let points = new Set(current.map(({ settings }) => JSON.stringify(settings))).size;
    for (const [i, share] of RUNGS.entries()) {
      if (i === 0) continue;
      if (current.some(({ id }) => !known.has(id))) break;
      points = Math.max(1, Math.ceil(points * KEPT));
      const best = scorePoints(outcomes, label, RUNGS[i - 1] ?? 1).slice(0, points);
      current = withSeeds(
        spec,
        best.map(({ settings }) => ({ label, settings })),
        share,
      );
      called.push(...current);
    }
  }
  return called;
}
