import { numpy as np } from "@jax-js/jax";

/** One line of a recipe: an operation on earlier values. */
export interface Line {
  readonly op: keyof typeof operations;
  readonly operands: readonly number[];
}

/** A random program: inputs of some shapes, lines, and which values are its results. */
export interface Recipe {
  readonly shapes: readonly (readonly number[])[];
  readonly lines: readonly Line[];
  readonly results: readonly number[];
  /** Values whose bits no order of additions and no approximation can change, by position. */
  readonly exact: readonly boolean[];
}

type Operation = (...x: np.Array[]) => np.Array;

const last = (x: np.Array): number => x.ndim - 1;

/** What a line may do. None makes small differences large. */
export const operations = {
  add: (x, y) => x.add(y),
  sub: (x, y) => x.sub(y),
  mul: (x, y) => x.mul(y),
  min: (x, y) => np.minimum(x, y),
  max: (x, y) => np.maximum(x, y),
  scale: (x) => x.mul(0.95),
  shift: (x) => x.add(-0.25),
  neg: (x) => np.negative(x),
  abs: (x) => np.abs(x),
  square: (x) => np.square(x),
  bound: (x) => x.ref.div(np.abs(x).add(1)),
  root: (x) => np.sqrt(np.abs(x).add(0.5)),
  floor: (x) => np.floor(x),
  sign: (x) => np.where(np.less(x.ref, 0), -1, np.where(np.less(0, x.ref), 1, x)),
  choose: (x, y) => np.where(np.lessEqual(x.ref, y.ref), x.mul(0.5), y),
  unless: (x, y) => np.where(np.equal(x, y.ref), 0, y),
  whole: (x) =>
    x
      .mul(16)
      .astype(np.int32)
      .add(3)
      .astype(np.float32)
      .mul(1 / 16),
  exp: (x) => np.exp(np.minimum(x, 4)),
  log: (x) => np.log(np.abs(x).add(1)),
  sumLast: (x) => np.mean(x.ref, last(x), { keepdims: true }),
  sumFirst: (x) => np.mean(x, 0, { keepdims: true }),
  sumAll: (x) => np.mean(x),
  maxLast: (x) => np.max(x.ref, last(x), { keepdims: true }),
  maxFirst: (x) => np.max(x, 0, { keepdims: true }),
  maxAll: (x) => np.max(x),
  minAll: (x) => np.min(x),
  turn: (x) => np.transpose(x),
  flat: (x) => x.reshape([-1]),
  flip: (x) => np.flip(x.ref, last(x)),
} satisfies Record<string, Operation>;

/** The recipe as a function, which uses up its arguments. */
export function functionOf({ lines, results }: Recipe): (...inputs: np.Array[]) => np.Array[] {
  return (...inputs) => {
    const values = [...inputs];
    for (const { op, operands } of lines) {
      const apply: Operation = operations[op];
      values.push(apply(...operands.map((i) => valueAt(values, i).ref)));
    }
    const made = results.map((i) => valueAt(values, i).ref);
    for (const value of values) value.dispose();
    return made;
  };
}

function valueAt(values: readonly np.Array[], i: number): np.Array {
  const found = values[i];
  if (found === undefined) throw new Error(`a recipe without value ${i}`);
  return found;
}
