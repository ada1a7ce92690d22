/** Element types that loops compute with. In memory a bool is 32 bits, all of them set or none. */
export type ElementType = "float32" | "int32" | "uint32" | "bool";

export type Unary =
  | "neg"
  | "reciprocal"
  | "floor"
  | "ceil"
  | "exp"
  | "log"
  | "erf"
  | "erfc"
  | "sqrt"
  | "sin"
  | "cos"
  | "asin"
  | "atan"
  | "cast"
  | "bitcast"
  | "copy";

export type Binary =
  | "add"
  | "mul"
  | "min"
  | "max"
  | "and"
  | "or"
  | "xor"
  | "less"
  | "less_equal"
  | "equal"
  | "not_equal";

/** What is computed element by element. */
export type Operation = Unary | Binary | "where";

/** A value inside a nest: what was read, what an operation gave, or a number. */
export type Operand =
  | { readonly kind: "read"; readonly index: number; readonly type: ElementType }
  | { readonly kind: "result"; readonly index: number; readonly type: ElementType }
  | { readonly kind: "number"; readonly value: number; readonly type: ElementType };

/** An array as the loops see it: element (i, j, …) is at `offset + i·strides[0] + j·strides[1] + …`. */
export interface Read {
  readonly argument: number;
  readonly type: ElementType;
  readonly offset: number;
  readonly strides: readonly number[];
}

export interface Step {
  readonly operation: Operation;
  readonly operands: readonly Operand[];
  readonly type: ElementType;
}

/** A result with the shape of the nest; element (i, j, …) goes where a read with these strides would find it. */
export interface Write {
  readonly argument: number;
  readonly offset: number;
  readonly strides: readonly number[];
  readonly value: Operand;
}

export type Reducer = "Add" | "Mul" | "Min" | "Max";

/**
 * Which dimensions a reduction goes over: `all` of them; the last one (`rows` keep their own result each); or
 * the `columns`' one before the last, within each group.
 */
export type Direction = "all" | "rows" | "columns";

/** A reduction writes one result for each tile, or, over `rows`, for each row. */
export interface Reduction {
  readonly argument: number;
  readonly reducer: Reducer;
  readonly direction: Direction;
  readonly value: Operand;
}

/**
 * Loops over the elements of one shape that read, compute, write and reduce in one pass. Arguments are
 * addresses; everything else is known when the loops are compiled, so that nests that are equal share them.
 */
export interface Nest {
  readonly kind: "nest";
  /** Row-major; as few as the accesses allow. Empty: one element. */
  readonly dimensions: readonly number[];
  /** How many groups of rows `columns` are reduced in; the rows of the nest divide into them evenly. */
  readonly groups: number;
  readonly reads: readonly Read[];
  readonly steps: readonly Step[];
  readonly writes: readonly Write[];
  readonly reductions: readonly Reduction[];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
