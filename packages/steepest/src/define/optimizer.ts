import type { numpy as np } from "@jax-js/jax";

import { stepKey } from "../core/chain.ts";
import { declaredEstimate } from "../core/estimate.ts";
import { listParameters } from "../core/parameters/listParameters.ts";
import type { Parameter } from "../core/parameters/parameter.ts";
import { type PartitionState, partitionBy } from "../core/partition.ts";
import type { StatelessTransform, Transform } from "../core/transform.ts";
import { disposeTree, refTree, type Tree } from "../core/tree.ts";
import { clipByGlobalNorm } from "../transforms/clipByGlobalNorm.ts";
import { limitRange } from "../transforms/limitRange.ts";
import { skipNonFinite } from "../transforms/skipNonFinite.ts";
import { type Assignment, assignOne, expectOptionsRead, expectPatternsUsed, ruleOf } from "./assign.ts";
import type { CommonOptions } from "./commonOptions.ts";
import type { OptimizerDefinition } from "./definition.ts";
import { frozen, withoutFrozen } from "./frozen.ts";
import { groupRules } from "./groupRules.ts";
import { OptionError, type OptionSpecs, type ValuesOf } from "./options.ts";

/** States by label; `clip` has none. */
export type OptimizerState = PartitionState;

/** A transform with a name that knows which parameter gets what. */
export interface Optimizer extends Transform<OptimizerState> {
  readonly name: string;
  readonly period: number;
  readonly options: Readonly<Record<string, unknown>>;
  /** What `update` must find in its context besides gradients. Default nothing. */
  readonly needs?: OptimizerDefinition["needs"];
  /**
   * Every parameter once. Borrows the tree. Throws where a pattern fits nothing, two groups overlap, or a
   * group has an option that its parameters do not read.
   */
  assign(params: Tree): readonly Assignment[];
  /**
   * Where the method of a parameter wants it to start; undefined leaves it to the model. Consumes the key.
   */
  initialize(key: np.Array, parameter: Parameter): np.Array | undefined;
}

/** An optimizer from its definition. Throws `OptionError` for a wrong name or value. */
export function buildOptimizer<S extends OptionSpecs>(
  definition: OptimizerDefinition<S>,
  given: Partial<ValuesOf<S>> & CommonOptions<S>,
): Optimizer {
  const { schedule, clipGlobalNorm, skipNonFinite: skips = false, roles, groups, extras, ...own } = given;
  const { name } = definition;
  if (schedule !== undefined && typeof schedule !== "function")
    throw new OptionError(
      `${name}: schedule must be a function of the step such as cosine({ steps: 1000 }), got ${schedule}; a fixed rate is learningRate`,
    );
  const { base, rules } = groupRules(definition, own, { schedule, roles, groups, extras });

  const transforms = Object.fromEntries(
    [base, ...rules].flatMap((rule) =>
      rule.methods
        .filter(({ spans }) => spans === undefined || rule === base)
        .map((method) => [method.name + rule.suffix, method.transform]),
    ),
  );
  const assign = (params: Tree): Assignment[] => {
    const parameters = listParameters(params, roles);
    expectPatternsUsed(name, rules, parameters);
    const owned = parameters.map((parameter) => {
      const rule = ruleOf(base, rules, parameter.path);
      return { rule, assignment: assignOne(base, rule, parameter) };
    });
    for (const rule of rules) {
      const members = owned.filter((other) => other.rule === rule);
      expectOptionsRead(
        definition.options,
        rule,
        members.map(({ assignment }) => assignment),
      );
    }
    return owned.map(({ assignment }) => assignment);
  };
  const split = partitionBy(
    (params) => new Map(assign(params).map(({ path, label }) => [path, label])),
    transforms,
  );
  const inRange = prepared(limitRange(), split);
  const limited = clipGlobalNorm === undefined ? inRange : prepared(clipping(clipGlobalNorm), inRange);
  const checked = skips ? skipping(limited) : limited;
  const isFrozen = (path: string): boolean => ruleOf(base, rules, path).methods.includes(frozen);
  return {
    name,
    options: base.values,
    ...(definition.needs !== undefined && { needs: definition.needs }),
    assign,
    initialize(key, parameter) {
      const { method } = assignOne(base, ruleOf(base, rules, parameter.path), parameter);
      if (method.initialize !== undefined) return method.initialize(key, parameter);
      key.dispose();
      return undefined;
    },
    ...(rules.some(({ methods }) => methods.includes(frozen)) ? withoutFrozen(checked, isFrozen) : checked),
    period: split.period ?? 1,
  };
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
