import type { Binary, Operation, Reducer, Unary } from "../nest/nest.ts";
import { elementTypeOf } from "./elementType.ts";
import type { Equation } from "./jaxpr.ts";

/** Primitives of two operands that take on a common type and shape. */
export const BINARIES: Readonly<Record<string, Binary>> = { add: "add", mul: "mul", min: "min", max: "max" };

export const UNARIES: Readonly<Record<string, Unary>> = {
  neg: "neg",
  reciprocal: "reciprocal",
  floor: "floor",
  ceil: "ceil",
  exp: "exp",
  log: "log",
  erf: "erf",
  erfc: "erfc",
  sqrt: "sqrt",
  sin: "sin",
  cos: "cos",
  asin: "asin",
  atan: "atan",
  cast: "cast",
  bitcast: "bitcast",
  stop_gradient: "copy",
};

/** Primitives that only say where elements are found. */
export const MOVES = ["reshape", "broadcast", "transpose", "shrink", "flip"] as const;

const COMPARISONS: readonly Operation[] = ["less", "less_equal", "equal", "not_equal"];
const COMBINATIONS: readonly Operation[] = ["and", "or", "xor"];
const REDUCERS: readonly Reducer[] = ["Add", "Mul", "Min", "Max"];

export const comparisonOf = (op: unknown): Operation | undefined => COMPARISONS.find((name) => name === op);
export const combinationOf = (op: unknown): Operation | undefined => COMBINATIONS.find((name) => name === op);
export const reducerOf = (op: unknown): Reducer | undefined => REDUCERS.find((name) => name === op);

/**
 * Why an equation cannot be part of a pass over memory: an elementwise operation, a movement or a reduction. Undefined where it
 * can.
 */
export function refusal({ primitive, params, inputs, outBinders }: Equation): string | undefined {
  const name: string = primitive;
  for (const { aval } of [...inputs, ...outBinders])
    if (elementTypeOf(aval.dtype) === undefined) return `loops have no ${aval.dtype}`;
  const known =
    name in BINARIES ||
    name in UNARIES ||
    MOVES.some((move) => move === name) ||
    name === "where" ||
    (name === "compare" && comparisonOf(params.op) !== undefined) ||
    (name === "bit_combine" && combinationOf(params.op) !== undefined) ||
    (name === "reduce" && reducerOf(params.op) !== undefined);
  if (!known) return `loops have no ${name}`;
  if (name === "neg" && outBinders[0]?.aval.dtype === "bool") return "loops negate no bool";
  return undefined;
}

/** Why an equation cannot become loops of any kind; undefined where it can. */
export function unsupported(equation: Equation): string | undefined {
  const { primitive, params, inputs, outBinders } = equation;
  const reason = refusal(equation);
  if (reason === undefined || reason !== `loops have no ${primitive}`) return reason;
  const name: string = primitive;
  switch (name) {
    case "dot":
    case "conv":
    case "pool":
    case "pool_transpose":
    case "split":
    case "concatenate":
    case "pad":
      return undefined;
    case "gather":
      return params.axis.length === 1 ? undefined : "loops gather along one axis only";
    case "scatter":
      if (String(params.axis) !== "0" || params.op !== "add" || outBinders[0]?.aval.dtype === "bool")
        return "loops scatter only sums of numbers, along the first axis";
      return inputs.length === 2 ? undefined : reason;
    default:
      return reason;
  }
}
