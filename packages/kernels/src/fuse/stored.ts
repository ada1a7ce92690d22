import { sizeOf } from "../nest/nest.ts";
import { directNode } from "./direct.ts";
import type { Graph } from "./graph.ts";
import { type ComputedNode, type ElementwiseNode, type Node, sourcesOf } from "./node.ts";

/** What it would take to compute a node again in a later pass instead of reading it. */
interface Effort {
  /** Arrays of its own size that would be read. */
  readonly reads: ReadonlySet<Node>;
  readonly steps: number;
}

/** Reading two arrays again takes no longer than writing one and reading it. */
const MOST_READS = 2;
const MOST_STEPS = 16;

/**
 * The nodes that are written to memory: results, what is reduced, what is read in another place than where it is
 * computed, and what a later pass needs and could compute again only at greater cost.
 */
export function storedNodes(
  { nodes, outputs }: Graph,
  levels: ReadonlyMap<ComputedNode, number>,
): ReadonlySet<ComputedNode> {
  const stored = new Set<ComputedNode>(outputs);
  for (const node of nodes) {
    if (node.kind !== "elementwise") stored.add(node);
    for (const source of sourcesOf(node)) {
      const atHand = node.kind === "elementwise" && directNode(source) !== undefined;
      if (source.node.kind === "elementwise" && !atHand) stored.add(source.node);
    }
  }
  const passes = new Map<ComputedNode, Set<number>>();
  const efforts = effortsOf(nodes, stored);
  for (const node of nodes.toReversed()) {
    const level = levels.get(node) ?? 0;
    const used = passes.get(node) ?? new Set<number>();
    if (node.kind === "elementwise" && !stored.has(node) && used.size > 1) {
      const { reads, steps } = efforts.get(node) ?? { reads: new Set(), steps: 0 };
      if (reads.size > MOST_READS || steps > MOST_STEPS) stored.add(node);
    }
    const now = stored.has(node) ? new Set([level]) : used;
    for (const operand of atHandOf(node))
      passes.set(operand, new Set([...(passes.get(operand) ?? []), ...now]));
  }
  return stored;
}

/** The nodes whose elements a nest for this node has at hand. */
function atHandOf(node: ComputedNode): readonly ElementwiseNode[] {
  if (node.kind === "reduce" || node.kind === "piece") return [node.operand];
  return node.kind === "elementwise" ? node.operands.flatMap((source) => directNode(source) ?? []) : [];
}

function effortsOf(
  nodes: readonly ComputedNode[],
  stored: ReadonlySet<ComputedNode>,
): ReadonlyMap<ElementwiseNode, Effort> {
  const efforts = new Map<ElementwiseNode, Effort>();
  for (const node of nodes) {
    if (node.kind !== "elementwise") continue;
    const reads = new Set<Node>();
    let steps = 1;
    for (const source of node.operands) {
      const direct = directNode(source);
      const effort = direct && !stored.has(direct) ? efforts.get(direct) : undefined;
      if (effort !== undefined) {
        for (const read of effort.reads) reads.add(read);
        steps += effort.steps;
      } else if (source.node.kind !== "number" && sizeOf(source.node.shape) === sizeOf(node.shape))
        reads.add(source.node);
    }
    efforts.set(node, { reads, steps });
  }
  return efforts;
}
