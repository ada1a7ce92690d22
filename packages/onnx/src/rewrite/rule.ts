import type { Attribute, Graph, Tensor, TensorType } from "../graph/graph.ts";

/** A node about to be added to the rewritten graph; its inputs are already rewritten. */
export interface Candidate {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly type: TensorType;
}

/** What a rule may ask and build with. */
export interface Rewriter {
  readonly g: Graph;
  /** How often a tensor was read in the graph before rewriting. */
  uses(tensor: Tensor): number;
  /** Adds a node, to which the rules apply too. */
  make(op: string, inputs: readonly Tensor[], type: TensorType, attributes?: Candidate["attributes"]): Tensor;
}

/** Returns what stands for the candidate's output, or undefined to leave it alone. */
export type Rule = (candidate: Candidate, rewriter: Rewriter) => Tensor | undefined;
