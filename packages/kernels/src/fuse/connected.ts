import { sizeOf } from "../nest/nest.ts";
import { directNode } from "./direct.ts";
import { type ElementwiseNode, type NestNode, type Node, topOf } from "./node.ts";

/**
 * Roots of one shape that read the same arrays or share steps, group by group: what one set of loops should compute.
 * Single numbers are one group, whatever they read.
 */
export function connected(
  roots: readonly NestNode[],
  isInMemory: (node: ElementwiseNode) => boolean,
): NestNode[][] {
  const groups: { readonly shape: string; readonly touched: Set<Node>; readonly roots: Set<NestNode> }[] = [];
  for (const root of roots) {
    const top = topOf(root);
    const shape = String(top.shape);
    const touched = touchedBy(top, isInMemory);
    const near = groups.filter(
      (group) => group.shape === shape && (shape === "" || meet(touched, group.touched)),
    );
    const merged = { shape, touched, roots: new Set<NestNode>() };
    for (const group of near) {
      for (const node of group.touched) merged.touched.add(node);
      for (const other of group.roots) merged.roots.add(other);
      groups.splice(groups.indexOf(group), 1);
    }
    merged.roots.add(root);
    groups.push(merged);
  }
  const order = new Map(roots.map((root, i) => [root, i]));
  return groups.map((group) => [...group.roots].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}

/** The nodes computed in the same place, and the arrays of that size that are read. */
function touchedBy(top: ElementwiseNode, isInMemory: (node: ElementwiseNode) => boolean): Set<Node> {
  const touched = new Set<Node>();
  const stack: ElementwiseNode[] = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (touched.has(node)) continue;
    touched.add(node);
    if (isInMemory(node)) continue;
    for (const source of node.operands) {
      const direct = directNode(source);
      if (direct !== undefined) stack.push(direct);
      else if (source.node.kind !== "number" && sizeOf(source.node.shape) === sizeOf(node.shape))
        touched.add(source.node);
    }
  }
  return touched;
}

const meet = (a: ReadonlySet<Node>, b: ReadonlySet<Node>): boolean => [...a].some((node) => b.has(node));
