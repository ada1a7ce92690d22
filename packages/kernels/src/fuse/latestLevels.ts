import { sizeOf } from "../nest/nest.ts";
import { directNode } from "./direct.ts";
import type { Graph } from "./graph.ts";
import { type ComputedNode, isComputed, sourcesOf } from "./node.ts";

/**
 * Levels where elementwise nodes wait for what uses them. An average that is computed from the gradient alone need not be
 * written in the first pass if the step that uses it has to wait for a number, such as a bias correction: both fit into one
 * pass. What nothing uses, single numbers and what has loops of its own stay where they are.
 */
export function latestLevels(
  { nodes }: Graph,
  levels: ReadonlyMap<ComputedNode, number>,
): ReadonlyMap<ComputedNode, number> {
  const latest = new Map<ComputedNode, number>();
  const bounds = new Map<ComputedNode, number>();
  const bound = (node: ComputedNode, level: number): unknown =>
    bounds.set(node, Math.min(level, bounds.get(node) ?? level));
  for (const node of nodes.toReversed()) {
    const early = levels.get(node) ?? 0;
    const waits = node.kind === "elementwise" && sizeOf(node.shape) > 1;
    const level = waits ? Math.max(early, bounds.get(node) ?? early) : early;
    latest.set(node, level);
    if (node.kind === "reduce" || node.kind === "piece") bound(node.operand, level);
    for (const source of sourcesOf(node)) {
      const direct = node.kind === "elementwise" ? directNode(source) : undefined;
      if (direct !== undefined) bound(direct, level);
      else if (isComputed(source.node)) bound(source.node, level - 1);
    }
  }
  return latest;
}
