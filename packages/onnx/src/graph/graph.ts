import type { TensorDtype } from "../arrays/dtype.ts";

/** An attribute of a node. Whole numbers are ints, `{ float }` is a float: ONNX keeps them apart. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

/** The elements of a constant. int64 constants are plain numbers here; they only hold shapes and indices. */
export type ConstantData = ArrayLike<number>;

/** One value of a graph. */
export interface Tensor {
  readonly id: number;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** What computes it; undefined for inputs and constants. */
  readonly node?: Node;
  readonly constant?: ConstantData;
  /** Set for inputs. */
  readonly input?: string;
}

/** One operator application. */
export interface Node {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: Tensor[];
  /** Index of the jaxpr equation it came from, for messages and `explain`. */
  readonly equation: number;
}

export interface TensorType {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
}

/**
 * An ONNX graph under construction. Nodes are added in the order in which they can run. Equal nodes are
 * made once (common subexpressions), equal constants too; nodes that no output needs are dropped when the
 * graph is serialised.
 */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Tensor[] = [];
  readonly outputs: { name: string; tensor: Tensor }[] = [];
  /** The equation being lowered. */
  equation = -1;
  readonly #known = new Map<string, Node>();
  readonly #constants = new Map<string, Tensor>();
  #nextId = 0;

  input(name: string, dtype: TensorDtype, shape: readonly number[]): Tensor {
    const tensor: Tensor = { id: this.#nextId++, dtype, shape, input: name };
    this.inputs.push(tensor);
    return tensor;
  }

  output(name: string, tensor: Tensor): void {
    this.outputs.push({ name, tensor });
  }

  constant(dtype: TensorDtype, shape: readonly number[], data: ConstantData): Tensor {
    const SMALL = 64; // larger ones are compared by identity only
    const key = data.length <= SMALL ? `${dtype}[${shape}]${Array.from(data, describe)}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known !== undefined) return known;
    const tensor: Tensor = { id: this.#nextId++, dtype, shape, constant: data };
    if (key !== undefined) this.#constants.set(key, tensor);
    return tensor;
  }

  scalar(dtype: TensorDtype, value: number): Tensor {
    return this.constant(dtype, [], [value]);
  }

  int64(values: readonly number[]): Tensor {
    return this.constant("int64", [values.length], values);
  }

  /** Adds a node with one output. */
  emit(
    op: string,
    inputs: readonly Tensor[],
    type: TensorType,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Tensor {
    const [output] = this.emitMany(op, inputs, [type], attributes);
    if (output === undefined) throw new Error("internal: a node without output");
    return output;
  }

  emitMany(
    op: string,
    inputs: readonly Tensor[],
    types: readonly TensorType[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): readonly Tensor[] {
    const key = keyOf(op, inputs, attributes, types.length);
    const known = this.#known.get(key);
    if (known !== undefined) return known.outputs;
    const node: Node = { op, inputs, attributes, outputs: [], equation: this.equation };
    for (const { dtype, shape } of types) node.outputs.push({ id: this.#nextId++, dtype, shape, node });
    this.nodes.push(node);
    this.#known.set(key, node);
    return node.outputs;
  }

  /** The output of a node, if there is one like that already. */
  find(op: string, inputs: readonly Tensor[]): Tensor | undefined {
    return this.#known.get(keyOf(op, inputs, {}, 1))?.outputs[0];
  }

  /** The nodes that the outputs need, in running order. */
  liveNodes(): Node[] {
    const live = new Set<Node>();
    const stack = this.outputs.map(({ tensor }) => tensor);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next.node === undefined || live.has(next.node)) continue;
      live.add(next.node);
      stack.push(...next.node.inputs);
    }
    return this.nodes.filter((node) => live.has(node));
  }
}

/** Operators whose operands may change places. */
const COMMUTATIVE: ReadonlySet<string> = new Set(["Add", "Mul", "Max", "Min", "And", "Or", "Xor", "Equal"]);

function keyOf(
  op: string,
  inputs: readonly Tensor[],
  attributes: Readonly<Record<string, Attribute>>,
  outputs: number,
): string {
  const ids = inputs.map(({ id }) => id);
  if (COMMUTATIVE.has(op)) ids.sort((a, b) => a - b);
  return `${op}(${ids})${JSON.stringify(attributes)}${outputs}`;
}

const describe = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** The value of a constant with one element, else undefined. */
export function scalarValue(tensor: Tensor): number | undefined {
  return tensor.constant?.length === 1 ? tensor.constant[0] : undefined;
}
