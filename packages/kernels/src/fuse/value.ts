import type { Layout } from "./layout.ts";
import type { Node } from "./node.ts";

/** Elements of a node, in the shape of a value of the jaxpr. */
export interface Placed {
  readonly node: Node;
  readonly layout: Layout;
}

/** A value of the jaxpr. */
export interface Value extends Placed {
  readonly weak: boolean;
}
