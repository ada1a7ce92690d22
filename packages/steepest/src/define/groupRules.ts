import { didYouMean } from "../core/nearestName.ts";
import type { Schedule } from "../core/schedules/schedule.ts";
import type { CommonOptions } from "./commonOptions.ts";
import type { Method, OptimizerDefinition } from "./definition.ts";
import { frozen } from "./frozen.ts";
import { type Grouped, groupedValues } from "./grouped.ts";
import { OptionError, type OptionSpecs, resolveOptions, type ValuesOf } from "./options.ts";

/** Parameters that share their options, with the methods these make: those of a group, or all others. */
export interface GroupRule {
  /** `muon`, or `muon, group 2`: for messages. */
  readonly owner: string;
  /** What it names; none for the rule of all others. */
  readonly patterns: readonly string[];
  /** The method that the user named, whatever the role asks for. */
  readonly method: string | undefined;
  readonly methods: readonly Method[];
  readonly values: Readonly<Record<string, unknown>>;
  /** The options that the user gave to the group. */
  readonly given: readonly string[];
  /** Goes after the name of a method, so that every group has a state of its own. */
  readonly suffix: string;
}

/** What a group's `learningRate` and `weightDecay` are called for the auxiliary method. */
export const auxiliaryNames: Readonly<Record<string, string>> = {
  learningRate: "auxiliaryLearningRate",
  weightDecay: "auxiliaryWeightDecay",
};

/**
 * The rule of parameters without group, and that of each group. Throws `OptionError` for what makes no sense
 * in itself.
 */
export function groupRules<S extends OptionSpecs>(
  definition: OptimizerDefinition<S>,
  own: Readonly<Record<string, unknown>>,
  { schedule, roles, groups = [], extras }: CommonOptions<S>,
): { readonly base: GroupRule; readonly rules: readonly GroupRule[] } {
  const { name, options: specs } = definition;
  const read = groups.map(({ match, method, freeze = false, ...changes }, i) => {
    const owner = `${name}, group ${i + 1}`;
    const given = Object.keys(changes).filter((key) => changes[key as keyof typeof changes] !== undefined);
    if (freeze && (given.length > 0 || method !== undefined))
      throw new OptionError(
        `${owner}: frozen parameters have no method and no options; leave out freeze, or ` +
          [...(method === undefined ? [] : ["method"]), ...given].join(", "),
      );
    const values = resolveOptions(owner, specs, { ...own, ...forEveryMethod(specs, changes) });
    return { owner, patterns: [match].flat(), method, freeze, given, values };
  });
  const baseValues = resolveOptions(name, specs, own);
  const grouped: Grouped<ValuesOf<S>> = groupedValues(baseValues, read);
  const recipe = (values: ValuesOf<S>): readonly Method[] =>
    definition.recipe(values, { schedule: schedule as Schedule | undefined, roles, grouped, extras });
  const base: GroupRule = {
    owner: name,
    patterns: [],
    method: undefined,
    methods: recipe(baseValues),
    values: baseValues,
    given: [],
    suffix: "",
  };
  const rules = read.map(({ freeze, ...rule }, i): GroupRule => {
    const methods = freeze ? [frozen] : recipe(rule.values);
    expectMethod(rule.owner, rule.method, methods);
    for (const method of methods) expectSpanned(rule, method, base.methods);
    return { ...rule, methods, suffix: `-${i + 1}` };
  });
  return { base, rules };
}

/**
 * `learningRate` and `weightDecay` of a group under the names of the auxiliary method, too, where these are
 * not given.
 */
function forEveryMethod(
  specs: OptionSpecs,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const all = { ...changes };
  for (const [name, auxiliary] of Object.entries(auxiliaryNames)) {
    if (!(auxiliary in specs) || changes[name] === undefined) continue;
    if (changes[auxiliary] === undefined) all[auxiliary] = changes[name];
    if (!(name in specs)) delete all[name];
  }
  return all;
}

function expectMethod(owner: string, method: string | undefined, methods: readonly Method[]): void {
  const names = methods.map(({ name }) => name);
  if (method === undefined || names.includes(method)) return;
  throw new OptionError(
    `${owner}: no method "${method}"${didYouMean(method, names)}; methods are ${names.join(", ")}`,
  );
}

/** A method of all groups is made once, from the options of the whole. */
function expectSpanned(
  { owner, given }: { readonly owner: string; readonly given: readonly string[] },
  { name, spans }: Method,
  ofAll: readonly Method[],
): void {
  if (spans === undefined) return;
  const [first] = given.filter((option) => spans.includes(option));
  if (first === undefined && ofAll.some((method) => method.name === name && method.spans !== undefined))
    return;
  throw new OptionError(
    `${owner}: ${first ?? spans.join(", ")} must be the same for all parameters, since ${name} takes one norm over all ` +
      "of them; give it outside of groups",
  );
}
