import { grad, lax, nn, numpy as np, random } from "@jax-js/jax";

/** The element types that programs compute with. */
export type FuzzDtype = "float32" | "float64" | "int32" | "uint32" | "bool";

/** An argument of a program with its elements. */
export interface FuzzInput {
  readonly dtype: FuzzDtype;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/**
 * A random function of jax-js. Argument `i` is called `v<i>`; line `j` computes the value after them. A program
 * is its text, so that what fails can be printed as code that runs.
 */
export interface Program {
  readonly inputs: readonly FuzzInput[];
  readonly lines: readonly Line[];
  /** Differentiate a weighted sum of all results that are floats with respect to this argument. */
  readonly gradient?: number;
}

export interface Line {
  /** An expression of earlier values, each as `v3.ref`. */
  readonly text: string;
  /** Numbers of the values it reads. */
  readonly reads: readonly number[];
}

export type ArrayFunction = (...inputs: np.Array[]) => np.Array[];

/** One element of several results; the others are disposed. */
function pick(results: unknown, index: number): np.Array {
  const list = Object.values(results as Record<string, np.Array>);
  for (const [i, other] of list.entries()) if (i !== index) other.dispose();
  const found = list[index];
  if (found === undefined) throw new Error("internal: no such result");
  return found;
}

const scope = { np, lax, nn, random, pick };

/** The body of a program as text: computes its values and returns those of the given numbers. */
export function bodyOf({ inputs, lines }: Program, returned: readonly number[]): string {
  const count = inputs.length + lines.length;
  const all = Array.from({ length: count }, (_, i) => `v${i}`).join(", ");
  return [
    ...lines.map(({ text }, i) => `  const v${inputs.length + i} = ${text};`),
    `  const results = [${returned.map((i) => `v${i}.ref`).join(", ")}];`,
    `  for (const v of [${all}]) v.dispose();`,
    "  return results;",
  ].join("\n");
}

export const parametersOf = ({ inputs }: Program): string => inputs.map((_, i) => `v${i}`).join(", ");

/** The function that computes some of a program's values. */
export function functionOf(program: Program, returned: readonly number[]): ArrayFunction {
  const make = new Function(
    ...Object.keys(scope),
    `return (${parametersOf(program)}) => {\n${bodyOf(program, returned)}\n};`,
  );
  return make(...Object.values(scope));
}

/** The values that no line reads: what the program is for. */
export function resultsOf({ inputs, lines }: Program): number[] {
  const read = new Set(lines.flatMap(({ reads }) => reads));
  const results = lines.map((_, i) => inputs.length + i).filter((id) => !read.has(id));
  return results.length === 0 ? [0] : results;
}

/** The function that is compared: the results, or the gradient of a weighted sum of those that are floats. */
export function compared(program: Program): ArrayFunction {
  const value = functionOf(program, resultsOf(program));
  const { gradient } = program;
  if (gradient === undefined) return value;
  const derivative = grad((...inputs: np.Array[]) => total(value(...inputs)), { argnums: gradient });
  return (...inputs) => [derivative(...(inputs as [np.Array])) as np.Array];
}

/** The weighted sum of all floats; the other arrays are disposed. */
function total(results: readonly np.Array[]): np.Array {
  let sum: np.Array | undefined;
  for (const result of results) {
    if (!result.dtype.startsWith("float")) result.dispose();
    else sum = sum === undefined ? weighed(result) : sum.add(weighed(result));
  }
  return sum ?? np.zeros([]);
}

/** Unequal weights: a plain sum of what is normalised has a gradient that is nothing but rounding. */
function weighed(x: np.Array): np.Array {
  if (x.size === 0) return np.sum(x);
  const weights = Array.from({ length: x.size }, (_, i) => ((i % 7) + 1) / 4);
  const dtype = x.dtype === "float64" ? "float64" : "float32";
  return np.sum(x.mul(np.array(typed(dtype, weights), { shape: [...x.shape], dtype: x.dtype })));
}

/** The arguments as jax-js arrays. */
export function arraysOf({ inputs }: Program): np.Array[] {
  return inputs.map(({ dtype, shape, values }) => {
    const options = { shape: [...shape], dtype: dtype as np.DType };
    if (values.length === 0) return np.zeros([...shape], { dtype: options.dtype });
    return np.array(typed(dtype, values), options);
  });
}

function typed(dtype: FuzzDtype, values: readonly number[]) {
  switch (dtype) {
    case "float32":
      return Float32Array.from(values);
    case "float64":
      return Float64Array.from(values);
    case "uint32":
      return Uint32Array.from(values);
    default:
      return Int32Array.from(values);
  }
}
