import { scalarValue, type Tensor } from "../graph/graph.ts";
import { sameShape } from "../graph/shape.ts";

/** The inputs of the node that computes a tensor, if it is of the given operator. */
export function inputsOf(tensor: Tensor | undefined, op: string): readonly Tensor[] | undefined {
  return tensor?.node?.op === op ? tensor.node.inputs : undefined;
}

/** Splits two operands of a commutative operator into the one that matches and the other. */
export function choose<T>(
  inputs: readonly Tensor[],
  match: (tensor: Tensor) => T | undefined,
): { readonly found: T; readonly tensor: Tensor; readonly other: Tensor } | undefined {
  const [a, b] = inputs;
  if (a === undefined || b === undefined) return undefined;
  for (const [tensor, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const found = match(tensor);
    if (found !== undefined) return { found, tensor, other };
  }
  return undefined;
}

/** The other operand when one is exactly the given number. */
export function besides(inputs: readonly Tensor[], value: number): Tensor | undefined {
  return choose(inputs, (t) => (scalarValue(t) === value ? t : undefined))?.other;
}

/** The tensor under a reshape that only adds a last dimension of size 1: `[.., n]` seen as `[.., n, 1]`. */
export function underColumn(tensor: Tensor): Tensor | undefined {
  const source = inputsOf(tensor, "Reshape")?.[0];
  if (source === undefined || tensor.shape.at(-1) !== 1) return undefined;
  return sameShape(tensor.shape.slice(0, -1), source.shape) ? source : undefined;
}

/** What is reduced, of the inputs of a reduction over its last dimension alone. */
export function overLast([tensor, axes]: readonly Tensor[]): Tensor | undefined {
  const found = axes?.constant?.length === 1 && axes.constant[0] === (tensor?.shape.length ?? 0) - 1;
  return found ? tensor : undefined;
}

/** True for a reduction over the last dimension alone, by the given operator. */
export function reducesLast(tensor: Tensor, op: string, of: Tensor): boolean {
  return overLast(inputsOf(tensor, op) ?? []) === of;
}

/** Numbers whose products neither overflow nor vanish, in whatever order they are multiplied. */
const isMild = (value: number): boolean => Math.abs(value) >= 1 / 8 && Math.abs(value) <= 8;

/** A product as its factors: mild numbers multiplied together, and everything that is no product itself. */
export interface Factors {
  readonly coefficient: number;
  readonly atoms: readonly Tensor[];
}

/** Takes a tree of Mul and Neg apart. */
export function factorsOf(tensor: Tensor): Factors {
  const value = scalarValue(tensor);
  if (value !== undefined && isMild(value)) return { coefficient: value, atoms: [] };
  if (tensor.node?.op === "Neg") {
    const [inner] = tensor.node.inputs;
    if (inner !== undefined) {
      const { coefficient, atoms } = factorsOf(inner);
      return { coefficient: -coefficient, atoms };
    }
  }
  const factors = inputsOf(tensor, "Mul")?.map(factorsOf);
  if (factors === undefined) return { coefficient: 1, atoms: [tensor] };
  return {
    coefficient: factors.reduce((p, f) => p * f.coefficient, 1),
    atoms: factors.flatMap((f) => f.atoms),
  };
}

/** The list without one occurrence of each of `taken`; undefined if one of them is not there. */
export function without(atoms: readonly Tensor[], taken: readonly Tensor[]): Tensor[] | undefined {
  const left = [...atoms];
  for (const tensor of taken) {
    const i = left.indexOf(tensor);
    if (i === -1) return undefined;
    left.splice(i, 1);
  }
  return left;
}
