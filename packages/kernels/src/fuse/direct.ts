import { isDense } from "./layout.ts";
import type { ElementwiseNode, Source } from "./node.ts";

/** The node whose element a loop over the source's shape has at hand when it computed that node in the same place. */
export function directNode({ node, layout }: Source): ElementwiseNode | undefined {
  const inPlace =
    node.kind === "elementwise" && isDense(layout) && String(node.shape) === String(layout.shape);
  return inPlace ? node : undefined;
}
