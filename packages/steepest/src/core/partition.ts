import { commonKey, commonPeriod, phaseOf } from "./chain.ts";
import { declaredEstimate } from "./estimate.ts";
import { expectFitsParameters } from "./fitsParameters.ts";
import { didYouMean } from "./nearestName.ts";
import { listParameters } from "./parameters/listParameters.ts";
import type { Parameter } from "./parameters/parameter.ts";
import type { Roles } from "./parameters/roleOf.ts";
import type { Transform } from "./transform.ts";
import { type Arrays, disposeTree, namedLeaves, refTree, type Tree, unflattenLike } from "./tree.ts";

export interface PartitionOptions {
  /** Roles of the parameters; guessed from rank and name where absent. */
  roles?: Roles;
}

/** One state per group that has parameters. */
export type PartitionState = Record<string, Tree>;

/**
 * Different transforms for different parameters. `label` names the group of each; every parameter is in
 * exactly one. A group's transform sees a flat tree of its parameters, keyed by path.
 *
 * Throws when a label names no group.
 */
export function partition<Label extends string>(
  label: (parameter: Parameter) => Label,
  groups: Readonly<Record<Label, Transform>>,
  { roles }: PartitionOptions = {},
): Transform<PartitionState> {
  return partitionBy((params) => labelAll(listParameters(params, roles), label, Object.keys(groups)), groups);
}

/** The labels of all parameters by path, for a rule that looks at one parameter at a time. */
function labelAll(
  parameters: readonly Parameter[],
  label: (parameter: Parameter) => string,
  groups: readonly string[],
): Map<string, string> {
  return new Map(
    parameters.map((parameter) => {
      const name = label(parameter);
      if (!groups.includes(name)) {
        throw new Error(
          `partition: "${parameter.path}" is labelled "${name}", which is no group${didYouMean(name, groups)}; ` +
            `groups are ${groups.join(", ")}`,
        );
      }
      return [parameter.path, name];
    }),
  );
}

/** `partition` by a rule over the whole tree: path → group. The rule borrows the tree. */
export function partitionBy(
  assign: (params: Tree) => ReadonlyMap<string, string>,
  groups: Readonly<Record<string, Transform>>,
): Transform<PartitionState> {
  return {
    period: commonPeriod(Object.values(groups)),
    phaseKey: (context) => commonKey(Object.values(groups), context),
    init(params) {
      const split = splitLeaves(params, assign(params));
      disposeEmpty(params);
      return Object.fromEntries(
        [...split].map(([name, arrays]) => [name, groupNamed(groups, name).init(arrays)]),
      );
    },
    update(updates, state, params, context) {
      expectFitsParameters("the gradients given to partition", updates, params);
      const assignment = assign(params);
      const gradients = splitLeaves(inOrderOf(params, updates), assignment);
      const done: Arrays = {};
      const next: PartitionState = {};
      for (const [path, leaf] of namedLeaves(updates)) if (leaf.size === 0) done[path] = leaf;
      for (const [name, weights] of splitLeaves(params, assignment)) {
        const group = groupNamed(groups, name);
        const own = state[name];
        const fresh = gradients.get(name);
        if (own === undefined || fresh === undefined) {
          throw new Error(missingGroup(name));
        }
        const [moved, kept] = group.update(fresh, own, weights, phaseOf(group, context));
        for (const [path, leaf] of Object.entries(moved as Arrays)) done[path] = leaf;
        next[name] = kept;
      }
      disposeEmpty(params);
      return [unflattenLike(updates, done), next];
    },
    estimate(state, gradients) {
      const found: Arrays = {};
      for (const [name, own] of splitLeaves(gradients, assign(gradients))) {
        const kept = state[name];
        if (kept === undefined) throw new Error(missingGroup(name));
        const what = `the group "${name}" (${Object.keys(own).slice(0, 3).join(", ")})`;
        const estimate = declaredEstimate(what, groupNamed(groups, name), kept, own) ?? refTree(own);
        for (const [path, leaf] of namedLeaves(estimate)) found[path] = leaf;
      }
      for (const [path, leaf] of namedLeaves(gradients)) if (leaf.size === 0) found[path] = leaf.ref;
      return unflattenLike(gradients, found);
    },
  };
}

const missingGroup = (name: string): string =>
  `partition: no state for group "${name}"; was it initialised with other parameters?`;

function groupNamed(groups: Readonly<Record<string, Transform>>, name: string): Transform {
  const group = groups[name];
  if (group === undefined) throw new Error(`internal: no group "${name}"`);
  return group;
}

/** Gives up the leaves that no group takes, those without entries. */
function disposeEmpty(node: Tree): void {
  for (const [, leaf] of namedLeaves(node)) if (leaf.size === 0) leaf.dispose();
}

/** The leaves by path, in the order of another tree: so that a state keeps its order, whatever that of gradients. Borrows. */
function inOrderOf(order: Tree, node: Tree): Arrays {
  const found: Arrays = Object.fromEntries(namedLeaves(node));
  return Object.fromEntries(
    namedLeaves(order).flatMap(([path]) => (found[path] ? [[path, found[path]]] : [])),
  );
}

/**
 * The leaves of a tree by group, in tree order, but for those without entries, for which nothing is to be done. Moves the
 * others.
 */
function splitLeaves(node: Tree, assignment: ReadonlyMap<string, string>): Map<string, Arrays> {
  const split = new Map<string, Arrays>();
  for (const [path, leaf] of namedLeaves(node)) {
    if (leaf.size === 0) continue;
    const name = assignment.get(path);
    if (name === undefined) {
      disposeTree(node);
      throw new Error(`no parameter "${path}": gradients and parameters must be trees of the same shape`);
    }
    const group = split.get(name) ?? {};
    group[path] = leaf;
    split.set(name, group);
  }
  return split;
}
