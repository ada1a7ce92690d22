import { binary, type Operation, unary } from "../operation.ts";
import type { FuzzDtype } from "../program.ts";

const exact = { exact: true } as const;
const strict = { strict: true } as const;
const both = { ...exact, ...strict } as const;

/** Functions that are continuous where they are finite. */
const smooth = ["exp2", "exp", "expm1", "sinh", "cosh", "tanh", "arctan", "arcsinh"];
/** Those with poles, cuts or steps. */
const sharp = ["log", "log2", "log10", "log1p", "sqrt", "cbrt", "reciprocal", "arccosh", "arctanh"];
const arcs = ["arcsin", "arccos"];
const steps = ["floor", "ceil", "trunc", "rint", "sign", "heaviside"].filter((name) => name !== "heaviside");
const tests = ["isnan", "isinf", "isfinite", "isposinf", "isneginf"];
const comparisons = ["less", "lessEqual", "greater", "greaterEqual", "equal", "notEqual"];
const logic = ["logicalAnd", "logicalOr", "logicalXor"];
const bits = ["bitwiseAnd", "bitwiseOr", "bitwiseXor"];

/** jax-js 0.1.25 divides numbers of uint32 above 2^31 as negative ones. */
const half = (x: string, dtype: FuzzDtype): string =>
  dtype === "uint32" ? `np.bitwiseAnd(${x}, np.array(0x7fff, { dtype: "uint32" }))` : x;

/** Operations on each element. */
export const elementwise: readonly Operation[] = [
  ...["abs", "negative", "square", "positive"].map((name) => unary(`np.${name}`, { ...exact, of: "number" })),
  // of float64, jax-js computes them in float32, which overflows sooner
  ...smooth.map((name) =>
    unary(`np.${name}`, {}, (x, v) =>
      v.dtype === "float32" ? `np.${name}(${x})` : `np.${name}(np.clip(${x}, -30, 30))`,
    ),
  ),
  unary("np.sinc", {}, (x) => `np.sinc(np.clip(${x}, -0.75, 0.75))`), // sin(π) is 0 only up to rounding
  unary("np.signbit", both, (x) => `np.signbit(np.nanToNum(${x}).add(0.125))`), // NaN and 0 have either sign
  ...["sin", "cos", "tan"].map((name) => unary(`np.${name}`, {}, (x) => `np.${name}(np.clip(${x}, -8, 8))`)),
  ...sharp.map((name) => unary(`np.${name}`, strict)),
  ...arcs.map((name) => unary(`np.${name}`, strict, (x) => `np.${name}(np.clip(${x}, -0.75, 0.75))`)),
  ...["log", "sqrt", "reciprocal"].map((name) =>
    unary(`np.${name}`, {}, (x) => `np.${name}(np.square(${x}).add(0.5))`),
  ),
  ...steps.map((name) => unary(`np.${name}`, both)),
  ...tests.map((name) => unary(`np.${name}`, both)),
  unary("np.nanToNum", both, (x) => `np.nanToNum(${x}, { nan: 1.5, posinf: 8, neginf: -8 })`),
  unary("np.deg2rad", {}),
  unary("np.rad2deg", {}),
  unary("np.logicalNot", { ...both, of: "any" }),
  unary("np.invert", { ...both, of: "integer" }),
  unary("np.invert", { ...both, of: "bool" }),
  unary("np.bitwiseCount", { ...both, of: "integer" }),
  unary("np.clip", exact, (x, _, r) => `np.clip(${x}, ${r.of([-1, 0, -100])}, ${r.of([1, 3, 0.5])})`),
  unary("np.maximum", exact, (x, _, r) => `np.maximum(${x}, ${r.of([0, 1, -1])})`),
  unary("np.minimum", exact, (x, _, r) => `np.minimum(${x}, ${r.of([0, 1, -1])})`),
  unary("np.multiply", exact, (x, v, r) =>
    v.dtype === "float32"
      ? `${x}.mul(${r.of([2, -1, 0.5, 1e-30, 1e30, -0.25])})`
      : `${x}.mul(${r.of([2, -1, 0.5])})`,
  ),
  unary("np.add", exact, (x, _, r) => `${x}.add(${r.of([1, -1, 0.5, 0])})`),
  // of float64, jax-js computes it by an exp and a log in float32
  unary("np.power", {}, (x, v, r) => (v.dtype === "float32" ? `np.power(${x}, ${r.of([2, 3])})` : undefined)),
  ...["add", "subtract", "multiply", "maximum", "minimum"].map((name) =>
    binary(`np.${name}`, { ...exact, of: "number" }),
  ),
  ...["fmax", "fmin", "copysign", "hypot", "arctan2", "logaddexp"].map((name) =>
    binary(`np.${name}`, strict),
  ),
  binary("np.divide", strict),
  binary("np.divide", {}, (x, y) => `${x}.div(np.square(${y}).add(0.5))`),
  ...["floorDivide", "remainder", "fmod"].map((name) =>
    binary(`np.${name}`, both, (x, y) => `np.${name}(${x}, np.abs(${y}).add(0.5))`),
  ),
  ...["floorDivide", "remainder", "fmod"].map((name) =>
    binary(
      `np.${name}`,
      { ...both, of: "integer" },
      (x, y, [{ dtype }]) => `np.${name}(${half(x, dtype)}, np.square(${half(y, dtype)}).add(1))`,
    ),
  ),
  // jax-js 0.1.25 finds padded uint32 and bool unequal to themselves
  ...comparisons.map((name) => binary(`np.${name}`, { ...both, of: "signed" })),
  ...logic.map((name) => binary(`np.${name}`, { ...both, of: "bool" })),
  ...bits.map((name) => binary(`np.${name}`, { ...both, of: "integer" })),
  ...["leftShift", "rightShift"].map((name) =>
    unary(
      `np.${name}`,
      { ...both, of: "integer" },
      (x, v, r) => `np.${name}(${x}, np.array(${r.integer(0, 31)}, { dtype: "${v.dtype}" }))`,
    ),
  ),
  binary("np.where", { ...both, of: "number" }, (x, y) => `np.where(np.less(${x}, ${y}), ${x}, ${y})`),
  binary("np.where", both, (x, y, _, r) => `np.where(np.greater(${x}, 0), ${y}, ${r.of([0, 1, -1e30])})`),
  binary("np.where", strict, (x, y) => `np.where(np.greater(${x}, 0), np.log(${x}), ${y})`),
  binary("np.where", strict, (x, y) => `np.where(np.less(${x}, 1), 0, np.sqrt(${y}))`),
];
