import type { numpy as np } from "@jax-js/jax";

import { stepKey } from "../core/chain.ts";
import { declaredEstimate } from "../core/estimate.ts";
import { didYouMean } from "../core/nearestName.ts";
import { listParameters } from "../core/parameters/listParameters.ts";
import type { Parameter } from "../core/parameters/parameter.ts";
import type { Roles } from "../core/parameters/roleOf.ts";
import { type PartitionState, partitionBy } from "../core/partition.ts";
import type { Schedule } from "../core/schedules/schedule.ts";
import type { StatelessTransform, Transform } from "../core/transform.ts";
import { disposeTree, refTree, type Tree } from "../core/tree.ts";
import { clipByGlobalNorm } from "../transforms/clipByGlobalNorm.ts";
import { limitRange } from "../transforms/limitRange.ts";
import { skipNonFinite } from "../transforms/skipNonFinite.ts";
import type { Method, OptimizerDefinition } from "./definition.ts";
import { OptionError, type OptionSpecs, resolveOptions, type ValuesOf } from "./options.ts";
import { fitsPattern } from "./pathPattern.ts";

/** Options of its own for some parameters. */
export type Group<S extends OptionSpecs = OptionSpecs> = Partial<ValuesOf<S>> & {
  /** Paths or patterns (`blocks.*.mlp.**`); every one must fit a parameter, and no two groups the same one. */
  readonly match: string | readonly string[];
  /** A method of the recipe by name, whatever the role asks for. */
  readonly method?: string;
};

/** What every optimizer takes besides its own options. */
export interface CommonOptions<S extends OptionSpecs = OptionSpecs> {
  /** Multiplies every learning rate, those of the auxiliary method included. Default none. */
  readonly schedule?: Schedule | undefined;
  /** Gradients are scaled down to at most this Euclidean norm over all parameters. Default none. */
  readonly clipGlobalNorm?: number | undefined;
  /**
   * A step whose gradients, update or new state are not finite moves nothing and is counted (`skippedSteps`). Default
   * false: such numbers go through to the weights.
   */
  readonly skipNonFinite?: boolean | undefined;
  /** Roles of the parameters, as models export them. Default: guessed from rank and name. */
  readonly roles?: Roles | undefined;
  /** Options of their own for some parameters. */
  readonly groups?: readonly Group<S>[] | undefined;
}

/** Which method a parameter gets, and why. */
export interface Assignment extends Parameter {
  /** `role hidden`, or the pattern of a group. */
  readonly rule: string;
  readonly method: Method;
  /** The key of its state: the method's name, with the group's number where there are groups. */
  readonly label: string;
}

/** States by label; `clip` has none. */
export type OptimizerState = PartitionState;

/** A transform with a name that knows which parameter gets what. */
export interface Optimizer extends Transform<OptimizerState> {
  readonly name: string;
  readonly period: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** What `update` must find in its context besides gradients. Default nothing. */
  readonly needs?: OptimizerDefinition["needs"];
  /** Every parameter once. Borrows the tree. Throws where a pattern fits nothing or two groups overlap. */
  assign(params: Tree): readonly Assignment[];
  /** Where the method of a parameter wants it to start; undefined leaves it to the model. Consumes the key. */
  initialize(key: np.Array, parameter: Parameter): np.Array | undefined;
}

/** An optimizer from its definition. Throws `OptionError` for a wrong name or value. */
export function buildOptimizer<S extends OptionSpecs>(
  definition: OptimizerDefinition<S>,
  given: Partial<ValuesOf<S>> & CommonOptions<S>,
): Optimizer {
  const { schedule, clipGlobalNorm, skipNonFinite: skips = false, roles, groups = [], ...own } = given;
  const { name } = definition;
  if (schedule !== undefined && typeof schedule !== "function")
    throw new OptionError(
      `${name}: schedule must be a function of the step such as cosine({ steps: 1000 }), got ${schedule}; a fixed rate is learningRate`,
    );
  const options = resolveOptions(name, definition.options, own);
  const recipe = definition.recipe(options, { schedule, roles });
  const rules = groups.map(({ match, method, ...changes }, i): GroupRule => {
    const changed = resolveOptions(`${name}, group ${i + 1}`, definition.options, { ...own, ...changes });
    const methods = definition.recipe(changed, { schedule, roles });
    const names = methods.map((m) => m.name);
    if (method !== undefined && !names.includes(method)) {
      throw new OptionError(
        `${name}, group ${i + 1}: no method "${method}"${didYouMean(method, names)}; methods are ${names.join(", ")}`,
      );
    }
    return { patterns: [match].flat(), method, methods, suffix: `-${i + 1}` };
  });

  const transforms = Object.fromEntries(
    [{ methods: recipe, suffix: "" }, ...rules].flatMap(({ methods, suffix }) =>
      methods.map((method) => [method.name + suffix, method.transform]),
    ),
  );
  const assign = (params: Tree): Assignment[] => {
    const parameters = listParameters(params, roles);
    expectPatternsUsed(name, rules, parameters);
    return parameters.map((parameter) => assignOne(name, recipe, rules, parameter));
  };
  const split = partitionBy(
    (params) => new Map(assign(params).map(({ path, label }) => [path, label])),
    transforms,
  );
  const inRange = prepared(limitRange(), split);
  const limited = clipGlobalNorm === undefined ? inRange : prepared(clipping(clipGlobalNorm), inRange);
  return {
    name,
    options,
    ...(definition.needs !== undefined && { needs: definition.needs }),
    assign,
    initialize(key, parameter) {
      const { method } = assignOne(name, recipe, rules, parameter);
      if (method.initialize !== undefined) return method.initialize(key, parameter);
      key.dispose();
      return undefined;
    },
    ...(skips ? skipping(limited) : limited),
    period: split.period ?? 1,
  };
}

interface GroupRule {
  readonly patterns: readonly string[];
  readonly method: string | undefined;
  readonly methods: readonly Method[];
  readonly suffix: string;
}

function assignOne(
  name: string,
  recipe: readonly Method[],
  rules: readonly GroupRule[],
  parameter: Parameter,
): Assignment {
  const fitting = rules.filter(({ patterns }) =>
    patterns.some((pattern) => fitsPattern(pattern, parameter.path)),
  );
  const [rule, second] = fitting;
  if (second !== undefined) {
    const [a, b] = [rule, second].map((r) => r?.patterns.join(", "));
    throw new OptionError(
      `${name}: parameter "${parameter.path}" is in two groups, "${a}" and "${b}"; name it in one`,
    );
  }
  const methods = rule?.methods ?? recipe;
  const method = methods.find((m) =>
    rule?.method === undefined ? m.takes(parameter) : m.name === rule.method,
  );
  if (method === undefined) {
    throw new OptionError(`${name} has no method for "${parameter.path}" (role ${parameter.role})`);
  }
  return {
    ...parameter,
    method,
    label: method.name + (rule?.suffix ?? ""),
    rule: rule === undefined ? `role ${parameter.role}` : `group ${rule.patterns.join(", ")}`,
  };
}

function expectPatternsUsed(
  name: string,
  rules: readonly GroupRule[],
  parameters: readonly Parameter[],
): void {
  const paths = parameters.map(({ path }) => path);
  for (const pattern of rules.flatMap(({ patterns }) => patterns)) {
    if (paths.some((path) => fitsPattern(pattern, path))) continue;
    throw new OptionError(
      `${name}: no parameter fits the pattern "${pattern}"${didYouMean(pattern, paths)}; ` +
        `parameters are ${paths.slice(0, 8).join(", ")}${paths.length > 8 ? ", …" : ""}`,
    );
  }
}

/** The state is that of `skipNonFinite`: the optimizer's own under `inner`, and a count. */
const skipping = (inner: Transform<PartitionState>): Transform<PartitionState> =>
  skipNonFinite(inner) as Transform<PartitionState>;

/** Gradients go through a stage first that has no state, so that the state is the inner one's. */
function prepared(stage: StatelessTransform, inner: Transform<PartitionState>): Transform<PartitionState> {
  return {
    period: inner.period ?? 1,
    phaseKey: (context) => stepKey(inner, context),
    init: (params) => inner.init(params),
    update(updates, state, params, context) {
      const [limited] = stage.update(updates, {}, refTree(params), context);
      return inner.update(limited, state, params, context);
    },
    estimate(state, gradients) {
      const [limited] = stage.update(refTree(gradients), {}, refTree(gradients));
      const found = declaredEstimate("the optimizer", inner, state, limited);
      disposeTree(limited);
      return found;
    },
  };
}

function clipping(maxNorm: number): StatelessTransform {
  if (!(maxNorm > 0))
    throw new OptionError(`clipGlobalNorm must be > 0, or Infinity or left out for none; got ${maxNorm}`);
  return clipByGlobalNorm(maxNorm);
}
