import { didYouMean } from "../core/nearestName.ts";
import type { Parameter } from "../core/parameters/parameter.ts";
import type { Rate } from "../core/schedules/schedule.ts";
import type { Method } from "./definition.ts";
import { auxiliaryNames, type GroupRule } from "./groupRules.ts";
import { OptionError, type OptionSpecs } from "./options.ts";
import { fitsPattern } from "./pathPattern.ts";

/** Which method a parameter gets, and why. */
export interface Assignment extends Parameter {
  /** `role hidden`, or the pattern of a group. */
  readonly rule: string;
  readonly method: Method;
  /** The key of its state: the method's name, with the group's number where there are groups. */
  readonly label: string;
  /** η of its method, before the common schedule. */
  readonly learningRate: Rate;
  /** λ of its method; undefined where that has none. */
  readonly weightDecay: number | undefined;
}

/** The first group that names a parameter, or the rule of all others. Throws where two groups name it. */
export function ruleOf(base: GroupRule, rules: readonly GroupRule[], path: string): GroupRule {
  const [rule, second] = rules.filter(({ patterns }) =>
    patterns.some((pattern) => fitsPattern(pattern, path)),
  );
  if (rule !== undefined && second !== undefined) {
    const [a, b] = [rule, second].map(({ patterns }) => patterns.join(", "));
    throw new OptionError(
      `${base.owner}: parameter "${path}" is in two groups, "${a}" and "${b}"; name it in one`,
    );
  }
  return rule ?? base;
}

/** The method of a parameter under the rule that is its own. */
export function assignOne(base: GroupRule, rule: GroupRule, parameter: Parameter): Assignment {
  const method = rule.methods.find((m) =>
    rule.method === undefined ? m.takes(parameter) : m.name === rule.method,
  );
  if (method === undefined) {
    throw new OptionError(`${base.owner} has no method for "${parameter.path}" (role ${parameter.role})`);
  }
  return {
    ...parameter,
    method,
    label: method.name + (method.spans === undefined ? rule.suffix : ""),
    rule: rule === base ? `role ${parameter.role}` : `group ${rule.patterns.join(", ")}`,
    learningRate: (valueFor(method, rule, parameter, "learningRate") ?? 0) as Rate,
    weightDecay: valueFor(method, rule, parameter, "weightDecay") as number | undefined,
  };
}

/**
 * A rate or decay of a method: by the name for the auxiliary one where the recipe has it and the method reads it, unless it is
 * "same".
 */
function valueFor(method: Method, { values }: GroupRule, parameter: Parameter, option: string): unknown {
  const auxiliary = auxiliaryNames[option] ?? option;
  const reads = (name: string): boolean => method.reads?.(name, parameter) ?? name === option;
  if (values[auxiliary] === undefined || !reads(auxiliary)) return reads(option) ? values[option] : undefined;
  return values[auxiliary] === "same" ? values[option] : values[auxiliary];
}

/** Throws `OptionError` for a pattern that fits no parameter. */
export function expectPatternsUsed(
  owner: string,
  rules: readonly GroupRule[],
  parameters: readonly Parameter[],
): void {
  const paths = parameters.map(({ path }) => path);
  for (const pattern of rules.flatMap(({ patterns }) => patterns)) {
    if (paths.some((path) => fitsPattern(pattern, path))) continue;
    throw new OptionError(
      `${owner}: no parameter fits the pattern "${pattern}"${didYouMean(pattern, paths)}; ` +
        `parameters are ${paths.slice(0, 8).join(", ")}${paths.length > 8 ? ", …" : ""}`,
    );
  }
}

/** Throws `OptionError` for an option of a group that none of the methods of its parameters reads. */
export function expectOptionsRead(
  specs: OptionSpecs,
  { owner, patterns, given }: GroupRule,
  members: readonly Assignment[],
): void {
  const readers = (option: string): boolean => members.some((member) => doesRead(specs, member, option));
  const unread = given.find((option) => !readers(option) && !readers(auxiliaryNames[option] ?? option));
  if (unread === undefined) return;
  const names = [...new Set(members.map(({ method }) => method.name))];
  const known = Object.keys(specs).filter(readers);
  throw new OptionError(
    `${owner} (${patterns.join(", ")}): its parameters get ${names.join(", ")}, which does not read ${unread}` +
      `${didYouMean(unread, known)}; it reads ${known.join(", ")}`,
  );
}

function doesRead(specs: OptionSpecs, { method, ...parameter }: Assignment, option: string): boolean {
  const spec = specs[option];
  if (spec === undefined) return false;
  if (method.reads !== undefined) return method.reads(option, parameter);
  return spec.of === undefined || spec.of === method.name;
}
