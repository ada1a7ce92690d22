import { dtypeFacts } from "../arrays/dtype.ts";
import type { Graph, Node, Tensor } from "./graph.ts";
import { sizeOf } from "./shape.ts";

/**
 * The nodes a graph needs, numbered so that ONNX Runtime runs them in an order that needs little memory.
 *
 * The runtime ignores the order of a model's nodes but for their numbers: from each node that nothing reads it walks
 * towards the inputs, always the input with the highest number first, and runs a node when all of its inputs have run. With
 * the numbers of jaxprs it would go back through all layers of a model before it computes the first gradient of a weight, and
 * hold every layer's activations and their gradients until then. So the nodes are put in a good order (`frugalOrder`) and
 * numbered from its end: of the inputs of a node, that which can be had first is computed first.
 *
 * A model in this order is not sorted topologically, as files have to be.
 */
export function runOrder(graph: Graph): Node[] {
  return frugalOrder(graph).reverse();
}

/** Results that are their input's memory under another shape. */
const VIEWS: ReadonlySet<string> = new Set(["Identity", "Reshape", "Squeeze", "Unsqueeze"]);

/** Results that would split the memory that a large one leaves behind, if they were made in between. */
const SMALL = 4096;

/** The order of the graph, but a node whose result is small, or that frees more than it takes, runs as soon as it can. */
export function frugalOrder(graph: Graph): Node[] {
  const nodes = graph.liveNodes();
  const outputs = new Set(graph.outputs.map(({ tensor }) => tensor));
  /** What holds the elements of a tensor, where that is memory of the runtime's own. */
  const holder = (tensor: Tensor): Tensor | undefined => {
    const { node } = tensor;
    if (node === undefined) return undefined; // an input or a constant
    const [source] = node.inputs;
    if (VIEWS.has(node.op) && source !== undefined) return holder(source);
    return outputs.has(tensor) ? undefined : tensor;
  };
  const heldBy = (node: Node): Set<Tensor> => new Set(node.inputs.flatMap((t) => holder(t) ?? []));
  const readers = new Map<Tensor, Set<Node>>();
  const waiting = new Map<Node, number>();
  const followers = new Map<Node, Set<Node>>();
  for (const node of nodes) {
    const before = new Set(node.inputs.flatMap((t) => t.node ?? []));
    waiting.set(node, before.size);
    for (const earlier of before) entry(followers, earlier).add(node);
    for (const tensor of heldBy(node)) entry(readers, tensor).add(node);
  }
  const frees = (node: Node): number => {
    let bytes = 0;
    for (const tensor of heldBy(node)) if (readers.get(tensor)?.size === 1) bytes += bytesOf(tensor);
    for (const tensor of node.outputs) if (holder(tensor) === tensor) bytes -= bytesOf(tensor);
    return bytes;
  };

  const order: Node[] = [];
  const done = new Set<Node>();
  const urgent = new Set<Node>();
  const ready = (node: Node): boolean => !done.has(node) && waiting.get(node) === 0;
  const isSmall = (node: Node): boolean => node.outputs.every((tensor) => bytesOf(tensor) <= SMALL);
  const consider = (node: Node): void => {
    if (ready(node) && (isSmall(node) || frees(node) > 0)) urgent.add(node);
  };
  const run = (node: Node): void => {
    order.push(node);
    done.add(node);
    urgent.delete(node);
    for (const next of followers.get(node) ?? []) {
      waiting.set(next, (waiting.get(next) ?? 0) - 1);
      consider(next);
    }
    for (const tensor of heldBy(node)) {
      const left = entry(readers, tensor);
      left.delete(node);
      if (left.size === 1) for (const last of left) consider(last);
    }
  };
  for (const node of nodes) consider(node);
  for (const node of [...urgent, ...nodes]) {
    if (!done.has(node)) run(node);
    for (let next = first(urgent); next !== undefined; next = first(urgent)) run(next);
  }
  // What is computed from inputs alone frees nothing by being early: it runs just before its first reader.
  const place = new Map(order.map((node, i) => [node, i]));
  for (const node of order.toReversed()) {
    if (isSmall(node) || heldBy(node).size > 0) continue;
    const next = [...(followers.get(node) ?? [])].map((reader) => place.get(reader) ?? 0);
    if (next.length > 0) place.set(node, Math.min(...next) - 0.5);
  }
  return order.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
}

const first = <T>(set: ReadonlySet<T>): T | undefined => set.values().next().value;

const bytesOf = ({ dtype, shape }: Tensor): number => sizeOf(shape) * dtypeFacts[dtype].bytes;

/** The set of a key, an empty one where there was none. */
function entry<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let found = map.get(key);
  if (found === undefined) {
    found = new Set();
    map.set(key, found);
  }
  return found;
}
