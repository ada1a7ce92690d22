import { LEAST_SEEDS } from "../compare/standing.ts";
import type { PlanInput } from "../plan/planInput.ts";
import type { JsonOptions } from "../plan/runPlan.ts";
import type { Axis } from "../sweep/axis.ts";
import { isRange } from "../sweep/axis.ts";
import { edgesOf } from "../sweep/edges.ts";
import { nextTrials } from "../sweep/nextTrials.ts";
import { type Outcome, scorePoints } from "../sweep/outcomes.ts";
import { axesOf } from "../sweep/points.ts";
import type { SweepSpec } from "../sweep/sweepSpec.ts";
import type { Part, Results } from "./claim.ts";
import { plannedRun, type Trained, trainPart } from "./trained.ts";

/** A method with the settings that are searched for it. */
export interface Tuned {
  readonly label: string;
  readonly optimizer: string;
  /** The same in all its runs. */
  readonly options?: JsonOptions;
  /** Its own model, where methods differ in it. */
  readonly model?: PlanInput;
  /** As many points as for every other method. */
  readonly axes: readonly Axis[];
}

/** How methods are compared so that none is favoured; docs/protocol.md says why. */
export interface Protocol {
  /** What all runs have in common, the number of steps among it. */
  readonly base: PlanInput;
  readonly methods: readonly Tuned[];
  readonly tuningSeeds: readonly number[];
  /** Seeds of the final runs: none of those above. */
  readonly finalSeeds: readonly number[];
  /** Values that a range goes beyond an end that is best, at most. */
  readonly extend: number;
}

/** What came out for a method. */
export interface TunedOutcome {
  readonly label: string;
  /** Null where every trial diverged. */
  readonly settings: JsonOptions | null;
  /** Seed by seed; those that are not there yet are missing. */
  readonly finals: readonly { readonly seed: number; readonly run: Trained }[];
  readonly trials: number;
  readonly diverged: number;
  /** Settings whose best value is the outermost that was tried. */
  readonly edges: readonly string[];
  /** Mean loss by settings, the best first. */
  readonly points: readonly { readonly settings: JsonOptions; readonly loss: number }[];
}

/**
 * All parts that the results so far call for: trials of every method, then, once its trials have ended, the
 * final runs with its best settings. Throws where the comparison would not be a fair one.
 */
export function protocolParts(protocol: Protocol, done: Results<Trained>): Part<Trained>[] {
  expectFair(protocol);
  return protocol.methods.flatMap((method) => {
    const search = searchOf(protocol, method, done);
    return search.best === null
      ? search.parts
      : [...search.parts, ...finalParts(protocol, method, search.best)];
  });
}

export function protocolOutcomes(protocol: Protocol, done: Results<Trained>): TunedOutcome[] {
  return protocol.methods.map((method) => {
    const { outcomes, best, spec } = searchOf(protocol, method, done);
    const points = scorePoints(outcomes, method.label, 1);
    const model = plannedRun(spec.base).model;
    const [contender] = spec.contenders;
    const finals = protocol.finalSeeds.flatMap((seed) => {
      const run = done.get(finalId(method, seed));
      return run === undefined ? [] : [{ seed, run }];
    });
    return {
      label: method.label,
      settings: best,
      finals,
      trials: outcomes.length,
      diverged:
        outcomes.filter(({ loss }) => loss === null).length +
        finals.filter(({ run }) => run.valLoss === null).length,
      edges:
        contender === undefined
          ? []
          : edgesOf(points, axesOf(spec, contender, model)).map(
              ({ axis, end }) => `${axis.name} at its ${end === "low" ? "smallest" : "largest"}`,
            ),
      points: points.map(({ settings, loss }) => ({ settings, loss })),
    };
  });
}

interface Search {
  readonly spec: SweepSpec;
  readonly parts: readonly Part<Trained>[];
  readonly outcomes: readonly Outcome[];
  /** Undefined settings as long as trials are missing. */
  readonly best: JsonOptions | null;
}

/** The trials of a method, and their best settings once all have ended. */
function searchOf(protocol: Protocol, method: Tuned, done: Results<Trained>): Search {
  const spec = specOf(protocol, method);
  const outcomes: Outcome[] = [];
  const parts: Part<Trained>[] = [];
  for (;;) {
    const trials = nextTrials(spec, outcomes);
    if (trials.length === 0) break;
    let missing = false;
    for (const trial of trials) {
      const id = `${fileName(method.label)}-trial-${trial.id}`;
      parts.push(trainPart(id, trial.plan));
      const run = done.get(id);
      if (run === undefined) missing = true;
      else outcomes.push({ trial, loss: run.valLoss });
    }
    if (missing) return { spec, parts, outcomes, best: null };
  }
  const [best] = scorePoints(outcomes, method.label, 1);
  return {
    spec,
    parts,
    outcomes,
    best: best === undefined || !Number.isFinite(best.loss) ? null : best.settings,
  };
}

const specOf = (
  { base, tuningSeeds, extend }: Protocol,
  { label, optimizer, options = {}, model, axes }: Tuned,
): SweepSpec => ({
  contenders: [{ label, optimizer, options }],
  axes,
  seeds: tuningSeeds,
  base: { ...base, ...model },
  design: "grid",
  points: 1,
  halving: false,
  extend,
  sameExamples: false,
});

const finalParts = (protocol: Protocol, method: Tuned, settings: JsonOptions): Part<Trained>[] =>
  protocol.finalSeeds.map((seed) => {
    const { optimizer, options = {}, model = {} } = method;
    const run = { optimizer, optimizerOptions: { ...options, ...settings }, seed };
    return trainPart(finalId(method, seed), plannedRun(protocol.base, model, run));
  });

const fileName = (label: string): string => label.replace(/[^A-Za-z0-9._-]+/g, "-");
const finalId = ({ label }: Tuned, seed: number): string => `${fileName(label)}-seed-${seed}`;

/** Points of a grid before it is extended. */
const pointsOf = ({ axes }: Tuned): number =>
  axes.reduce((product, axis) => product * (isRange(axis) ? axis.points : axis.values.length), 1);

/** Throws where methods have different budgets, or seeds are used for tuning and for the verdict. */
export function expectFair({ methods, tuningSeeds, finalSeeds, base }: Protocol): void {
  const [first] = methods;
  if (first === undefined) throw new Error("a comparison needs methods");
  const other = methods.find((method) => pointsOf(method) !== pointsOf(first));
  if (other !== undefined)
    throw new Error(
      `not a fair comparison: ${first.label} has ${pointsOf(first)} trials and ${other.label} ${pointsOf(other)}; give each as many`,
    );
  const twice = finalSeeds.find((seed) => tuningSeeds.includes(seed));
  if (twice !== undefined)
    throw new Error(
      `not a fair comparison: seed ${twice} is used for tuning and for the final runs; take fresh ones`,
    );
  if (finalSeeds.length < LEAST_SEEDS)
    throw new Error(`${finalSeeds.length} final seeds tell nothing apart; take ${LEAST_SEEDS} or more`);
  if (base.steps === undefined)
    throw new Error("not a fair comparison: the number of steps is not fixed beforehand");
}
