import type { Graph, Node, Tensor } from "../graph/graph.ts";
import { type GraphStage, inputsOf, outputsOf, type Program } from "../lower/program.ts";

/** Which of a step's first results may be written over the inputs of the same positions, and from when on. */
export interface Overwriting {
  readonly leaves: ReadonlySet<number>;
  /** Number of stages after which all other results are there and before which nothing is overwritten. */
  readonly decided: number;
}

/**
 * The runtime knows nothing of an output that is written over an input, and runs nodes in any order that their
 * inputs allow. So a leaf is overwritten only where every order is right:
 *
 * - nothing reads the old value in a later stage, and no other result is the old value;
 * - in the stage that writes it, whatever reads the old value must have run before the writer can, because the writer
 *   needs its result, or is the writer itself and elementwise;
 * - the step's other results were complete in an earlier stage, so that they can decide whether it is made.
 *
 * `carried`: the number of inputs that the step hands on, which come first among inputs and results.
 */
export function overwritable(program: Program, carried: number): Overwriting {
  const { stages, inputs, outputs } = program;
  const writes = (slot: number | undefined): number =>
    stages.findIndex((stage) => slot !== undefined && outputsOf(stage).includes(slot));
  const decided = 1 + Math.max(-1, ...outputs.slice(carried).map(writes));
  const leaves = new Set<number>();
  const known = new Map<GraphStage, Reads>();
  const readsIn = (stage: GraphStage): Reads => {
    const reads = known.get(stage) ?? readsOf(stage.graph);
    known.set(stage, reads);
    return reads;
  };
  for (let i = 0; i < carried; i++) {
    const [before, after] = [inputs[i], outputs[i]];
    if (before === undefined || after === undefined) continue;
    const old = outputs.some((slot) => slot === before) || inputs.includes(after);
    const at = writes(after);
    const stage = stages[at];
    if (old || at < decided || stage === undefined || stage.kind === "cut") continue;
    if (stages.slice(at + 1).some((later) => inputsOf(later).includes(before))) continue;
    if (stage.kind === "kernels") {
      // Loops run in an order that is known.
      const [input, output] = [stage.inputs.indexOf(before), stage.outputs.indexOf(after)];
      if (input < 0 || stage.kernels.overwrites(input, output)) leaves.add(i);
    } else if (readsBeforeWriting(program, stage, readsIn(stage), [before, after])) leaves.add(i);
  }
  return { leaves, decided };
}

function readsBeforeWriting(
  program: Program,
  { graph }: GraphStage,
  reads: Reads,
  [before, after]: readonly [number, number],
): boolean {
  const old = graph.inputs.find(({ input }) => input === program.slots[before]?.name);
  const result = graph.outputs.find(({ name }) => name === program.slots[after]?.name)?.tensor;
  if (result?.node === undefined) return false;
  if (old === undefined) return true; // this stage does not read it
  const earlier = ancestors(result.node);
  return readers(reads, old).every(
    ({ node, of }) => earlier.has(node) || (node === result.node && of === old && isElementwise(node, old)),
  );
}

/** The nodes that read each tensor of a graph. */
type Reads = ReadonlyMap<Tensor, ReadonlySet<Node>>;

function readsOf(graph: Graph): Reads {
  const reads = new Map<Tensor, Set<Node>>();
  for (const node of graph.liveNodes())
    for (const tensor of node.inputs) reads.set(tensor, (reads.get(tensor) ?? new Set()).add(node));
  return reads;
}

/** Nodes whose result is their input's elements elsewhere, which the runtime may leave out and read the input instead. */
const MOVES: ReadonlySet<string> = new Set([
  "Cast",
  "Concat",
  "Expand",
  "Flatten",
  "Identity",
  "Reshape",
  "Slice",
  "Split",
  "Squeeze",
  "Transpose",
  "Unsqueeze",
]);

/** What computes with a tensor, also after it was only moved, and the tensor it reads then. */
function readers(reads: Reads, tensor: Tensor): { node: Node; of: Tensor }[] {
  return [...(reads.get(tensor) ?? [])].flatMap((node) => {
    const moved = MOVES.has(node.op) ? node.outputs.flatMap((output) => readers(reads, output)) : [];
    return [{ node, of: tensor }, ...moved];
  });
}

/** Nodes that run before a node in any order. */
function ancestors(node: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  const stack = [...node.inputs];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.node === undefined || found.has(next.node)) continue;
    found.add(next.node);
    stack.push(...next.node.inputs);
  }
  return found;
}

/** Operators that read an element of an operand of the result's shape only for the same element of the result. */
const ELEMENTWISE: ReadonlySet<string> = new Set([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Max",
  "Min",
  "Where",
  "Neg",
  "Abs",
]);

const isElementwise = ({ op, outputs }: Node, { shape }: Tensor): boolean =>
  ELEMENTWISE.has(op) && String(outputs[0]?.shape) === String(shape);
