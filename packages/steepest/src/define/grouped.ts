import { weightOfBlock } from "../core/parameters/blockPath.ts";
import { partitionBy } from "../core/partition.ts";
import type { Transform } from "../core/transform.ts";
import { namedLeaves } from "../core/tree.ts";
import { fitsPattern } from "./pathPattern.ts";

/** The option values of one group of parameters. */
export interface GroupValues<V> {
  readonly patterns: readonly string[];
  readonly values: V;
}

/** Option values by parameter, for a method that sees the parameters of all groups at once. */
export interface Grouped<V> {
  /** Those of all parameters outside groups, then those of each group. */
  readonly all: readonly V[];
  /** The values for a parameter: its group's, or those of all. A block of rows has its weight's. */
  of(path: string): V;
  /**
   * One stage with each parameter's own values: made once for every group, or once where there are no groups.
   */
  each(stage: (values: V) => Transform): Transform;
}

/** `base` for all parameters but those that the groups name. No two groups may name the same one. */
export function groupedValues<V>(base: V, groups: readonly GroupValues<V>[]): Grouped<V> {
  const indexOf = (path: string): number =>
    1 +
    groups.findIndex(({ patterns }) => patterns.some((pattern) => fitsPattern(pattern, weightOfBlock(path))));
  const all = [base, ...groups.map(({ values }) => values)];
  const labelOf = (index: number): string => (index === 0 ? "rest" : `group${index}`);
  return {
    all,
    of: (path) => all[indexOf(path)] ?? base,
    each(stage) {
      if (groups.length === 0) return stage(base);
      return partitionBy(
        (params) => new Map(namedLeaves(params).map(([path]) => [path, labelOf(indexOf(path))])),
        Object.fromEntries(all.map((values, i) => [labelOf(i), stage(values)])),
      );
    },
  };
}
