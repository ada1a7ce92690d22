import { type Dtype, isFloat, type TensorDtype } from "../arrays/dtype.ts";
import { broadcastTo, literal, literalValue, type View } from "../graph/view.ts";
import { idiv, mod } from "./division.ts";
import { castView, elementwise, fold, type Kernel, promoted, zeroProduct } from "./elementwise.ts";
import { type Lowering, operand, type ResultType, resultType } from "./lowering.ts";

type Binary = "add" | "mul" | "min" | "max";
type Unary =
  | "neg"
  | "reciprocal"
  | "floor"
  | "ceil"
  | "sin"
  | "cos"
  | "asin"
  | "atan"
  | "exp"
  | "log"
  | "erf"
  | "sqrt";

/** No arithmetic kernel takes uint32; int64 holds every uint32 and its low 32 bits wrap the same way. */
const viaInt64 = (dtype: TensorDtype): TensorDtype | undefined => (dtype === "uint32" ? "int64" : undefined);

type Compute = (a: number, b: number) => number;

function binary(ops: { numeric: string; bool: string }, compute: (dtype: Dtype) => Compute) {
  return ((site) => {
    const { g } = site;
    const result = resultType(site);
    const views = promoted(g, site.inputs, result);
    const folded = fold(g, views, result, compute(result.dtype));
    if (folded) return [folded];
    if (result.dtype === "bool") return [elementwise(g, { op: ops.bool }, views, result)];
    return [elementwise(g, { op: ops.numeric, through: viaInt64(result.dtype) }, views, result)];
  }) satisfies Lowering<Binary>;
}

/** The operand that is left when the other one is the given number, if that is so. */
function neutral(views: readonly View[], value: number, result: ResultType): View | undefined {
  const at = views.findIndex((view) => literalValue(view) === value);
  const other = views[1 - at];
  return at === -1 || other === undefined ? undefined : broadcastTo(other, result.shape);
}

const plainAdd = binary({ numeric: "Add", bool: "Or" }, () => (a, b) => a + b);
/** Products of integers have more bits than a number: only the low ones count. */
const plainMul = binary({ numeric: "Mul", bool: "And" }, (dtype) =>
  isFloat(dtype) ? (a, b) => a * b : Math.imul,
);

const add: Lowering<"add"> = (site) => {
  const views = promoted(site.g, site.inputs, resultType(site));
  const same = neutral(views, 0, resultType(site));
  return same ? [same] : plainAdd(site);
};

const mul: Lowering<"mul"> = (site) => {
  const result = resultType(site);
  const views = promoted(site.g, site.inputs, result);
  const known = neutral(views, 1, result) ?? zeroProduct(site.g, views, result);
  return known ? [known] : plainMul(site);
};

function extreme(op: "Min" | "Max", bool: "And" | "Or", compute: (a: number, b: number) => number) {
  return ((site) => {
    const { g } = site;
    const result = resultType(site);
    const views = promoted(g, site.inputs, result);
    const kernel: Kernel = { op: result.dtype === "bool" ? bool : op };
    return [fold(g, views, result, compute) ?? elementwise(g, kernel, views, result)];
  }) satisfies Lowering<"min" | "max">;
}

/** Functions that exist in float32 only. jax-js computes these in float32 for float64 too. */
const FLOAT32_ONLY: ReadonlySet<string> = new Set(["Asin", "Atan", "Erf"]);
/** float16 kernels exist for few functions; all round the same through float32. */
const throughOf = (op: string, dtype: TensorDtype): TensorDtype | undefined =>
  dtype === "float16" || (dtype === "float64" && FLOAT32_ONLY.has(op)) ? "float32" : undefined;

function unary(op: string, compute?: (x: number) => number) {
  return ((site) => {
    const { g } = site;
    const result = resultType(site);
    const views = [operand(site, 0)];
    if (!isFloat(result.dtype) && (op === "Floor" || op === "Ceil")) return [operand(site, 0)];
    const folded = compute && fold(g, views, result, compute);
    return [folded ?? elementwise(g, { op, through: throughOf(op, result.dtype) }, views, result)];
  }) satisfies Lowering<Unary>;
}

const neg: Lowering<"neg"> = (site) => {
  const { g } = site;
  const result = resultType(site);
  const x = operand(site, 0);
  if (result.dtype === "bool") return [literal(g, "bool", 0, result.shape)]; // as jax-js has it
  const kernel: Kernel = { op: "Neg", through: viaInt64(result.dtype) };
  return [fold(g, [x], result, (v) => 0 - v) ?? elementwise(g, kernel, [x], result)];
};

/**
 * erfc(x) = t (a1 + t (a2 + ... )) exp(-x²), t = 1 / (1 + p |x|), and 2 minus that for negative x.
 *
 * Abramowitz and Stegun 1964, 7.1.26, as in jax-js: absolute error 1.5e-7, and unlike `1 - Erf` it keeps
 * relative precision in the tail.
 */
const erfc: Lowering<"erfc"> = (site) => {
  const { g } = site;
  const result = resultType(site);
  const x = castView(g, operand(site, 0), "float32");
  const type: ResultType = { shape: result.shape, dtype: "float32" };
  const op = (name: string, ...views: View[]): View => elementwise(g, { op: name }, views, type);
  const num = (value: number): View => literal(g, "float32", value, type.shape);
  const magnitude = op("Abs", x);
  const t = op("Reciprocal", op("Add", op("Mul", magnitude, num(0.3275911)), num(1)));
  const coefficients = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  let series = num(0);
  for (const [i, a] of coefficients.entries())
    series = op("Mul", i === 0 ? num(a) : op("Add", series, num(a)), t);
  const tail = op("Mul", series, op("Exp", op("Neg", op("Mul", x, x))));
  const negative = elementwise(g, { op: "Less" }, [x, num(0)], { shape: type.shape, dtype: "bool" });
  return [castView(g, op("Where", negative, op("Sub", num(2), tail), tail), result.dtype)];
};

export const arithmetic = {
  add,
  mul,
  idiv,
  mod,
  min: extreme("Min", "And", Math.min),
  max: extreme("Max", "Or", Math.max),
  neg,
  reciprocal: unary("Reciprocal", (x) => 1 / x),
  floor: unary("Floor", Math.floor),
  ceil: unary("Ceil", Math.ceil),
  sin: unary("Sin", Math.sin),
  cos: unary("Cos", Math.cos),
  asin: unary("Asin", Math.asin),
  atan: unary("Atan", Math.atan),
  exp: unary("Exp", Math.exp),
  log: unary("Log", Math.log),
  erf: unary("Erf"),
  erfc,
  sqrt: unary("Sqrt", Math.sqrt),
};
