import { directNode } from "./direct.ts";
import type { Graph } from "./graph.ts";
import { type ComputedNode, isComputed, sourcesOf } from "./node.ts";

/**
 * How many passes over memory lie before a node: one more than those of what it reads from memory, as many as those of
 * what is at hand in the same place.
 */
export function levelsOf({ nodes }: Graph): ReadonlyMap<ComputedNode, number> {
  const levels = new Map<ComputedNode, number>();
  const levelOf = (node: ComputedNode): number => {
    const found = levels.get(node);
    if (found === undefined) throw new Error("internal: an operand that comes later");
    return found;
  };
  for (const node of nodes) {
    const below = sourcesOf(node).map((source) => {
      const direct = node.kind === "elementwise" ? directNode(source) : undefined;
      if (direct !== undefined) return levelOf(direct);
      return isComputed(source.node) ? levelOf(source.node) + 1 : 0;
    });
    if (node.kind === "reduce" || node.kind === "piece") below.push(levelOf(node.operand));
    if (node.kind === "joined") below.push(...node.pieces.map(levelOf));
    levels.set(node, Math.max(0, ...below));
  }
  return levels;
}
