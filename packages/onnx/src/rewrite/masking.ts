import { type Graph, scalarValue, type Tensor } from "../graph/graph.ts";
import { sameShape, sizeOf } from "../graph/shape.ts";
import { factorsOf, inputsOf } from "./match.ts";
import type { Rule } from "./rule.ts";

/** A matrix product, perhaps scaled or reshaped: finite wherever its operands are. */
function isProduct(tensor: Tensor): boolean {
  const { op, inputs = [] } = tensor.node ?? {};
  if (op === "MatMul" || op === "Gemm") return true;
  const [first] = inputs;
  return (op === "Mul" || op === "Reshape") && first !== undefined && isProduct(first);
}

/** Numbers that swallow any score added to them. */
const isMask = (value: number | undefined): value is number => value !== undefined && value <= -1e20;

/**
 * where(mask, scores, -1e30), the mask smaller than the scores, is scores + where(mask, 0, -1e30): the small
 * array is made once, and one addition is three times as fast as a `Where`. Adding to -1e30 changes nothing
 * below 1e22 in float32. Only for matrix products, whose masked elements are no NaN to be hidden.
 */
export const additiveMask: Rule = ({ op, inputs, type }, { g, make }) => {
  const [mask, scores, filler] = inputs;
  if (op !== "Where" || !mask || !scores || !filler || type.dtype !== "float32") return undefined;
  if (!isMask(scalarValue(filler)) || !isProduct(scores) || sizeOf(scores.shape) !== sizeOf(type.shape))
    return undefined;
  if (sizeOf(mask.shape) * 2 > sizeOf(type.shape)) return undefined;
  const addend = make("Where", [mask, g.scalar("float32", 0), filler], {
    dtype: "float32",
    shape: mask.shape,
  });
  return make("Add", [scores, addend], type);
};

/** where(mask, y d, 0) with y a softmax, the mask smaller: the gradient of the above, as a product. */
export const maskedGradient: Rule = ({ op, inputs, type }, { g, make }) => {
  const [mask, product, zero] = inputs;
  if (op !== "Where" || !mask || !product || !zero || scalarValue(zero) !== 0) return undefined;
  if (sizeOf(mask.shape) * 2 > sizeOf(type.shape) || type.dtype !== "float32") return undefined;
  if (!inputsOf(product, "Mul")?.some((t) => t.node?.op === "Softmax")) return undefined;
  const kept = g.emit("Cast", [mask], { dtype: "float32", shape: mask.shape }, { to: 1 });
  return make("Mul", [product, kept], type);
};

/** where(c, 1, 0) is c as a number, and where(c, 0, 1) its opposite: a cast is a fraction of a `Where`. */
export const indicator: Rule = ({ op, inputs, type }, { g }) => {
  const [condition, yes, no] = inputs;
  if (op !== "Where" || !condition || !yes || !no || type.dtype !== "float32") return undefined;
  const values = [scalarValue(yes), scalarValue(no)];
  const kept = values[0] === 1 && values[1] === 0;
  if (!kept && !(values[0] === 0 && values[1] === 1)) return undefined;
  return sameShape(condition.shape, type.shape) ? asNumber(g, condition, kept) : undefined;
};

/**
 * where(c, 0, x) with x smaller than c, or repeated over windows, is x times c as a number. The gradient of a maximum over windows, where
 * the same number is also counted, so that the cast is there already.
 */
export const spread: Rule = ({ op, inputs, type }, { g, make }) => {
  const [condition, yes, no] = inputs;
  if (op !== "Where" || !condition || !yes || !no || type.dtype !== "float32") return undefined;
  const [x, kept] = scalarValue(yes) === 0 ? [no, false] : scalarValue(no) === 0 ? [yes, true] : [];
  if (x === undefined || kept === undefined || !sameShape(condition.shape, type.shape)) return undefined;
  const size = sizeOf(x.shape);
  const repeated = x.node?.op === "Resize" || inputsOf(x, "Reshape")?.[0]?.node?.op === "Resize";
  if (size === 1 || (size === sizeOf(type.shape) && !repeated)) return undefined;
  return make("Mul", [x, asNumber(g, condition, kept)], type);
};

function asNumber(g: Graph, condition: Tensor, kept: boolean): Tensor {
  const { shape } = condition;
  const opposite = (): Tensor =>
    inputsOf(condition, "Not")?.[0] ?? g.emit("Not", [condition], { dtype: "bool", shape });
  return g.emit("Cast", [kept ? condition : opposite()], { dtype: "float32", shape }, { to: 1 });
}

/** where(x < 0, 0, max(x, 0) d): the product is zero there anyway. The gradient of squared ReLU. */
export const rectified: Rule = ({ op, inputs }) => {
  const [condition, zero, product] = inputs;
  if (op !== "Where" || !condition || !zero || !product || scalarValue(zero) !== 0) return undefined;
  const [x, threshold] = inputsOf(condition, "Less") ?? [];
  if (!x || !threshold || scalarValue(threshold) !== 0) return undefined;
  return hasFactor(product, x) ? product : undefined;
};

/**
 * where(x < c, 0, d) beside max(x, c), which is the gradient of that maximum, is d times a number: a cast and a
 * product take two thirds of a `Where`. A general `Where` stays, for it may hide what is not finite.
 */
export const rectifiedGradient: Rule = ({ op, inputs, type }, { g, make }) => {
  const [condition, zero, gradient] = inputs;
  if (op !== "Where" || !condition || !zero || !gradient || scalarValue(zero) !== 0) return undefined;
  const [x, threshold] = inputsOf(condition, "Less") ?? [];
  if (!x || !threshold || scalarValue(threshold) === undefined || type.dtype !== "float32") return undefined;
  if (!sameShape(condition.shape, type.shape) || g.find("Max", [x, threshold]) === undefined)
    return undefined;
  return make("Mul", [gradient, asNumber(g, condition, false)], type);
};

function hasFactor(tensor: Tensor, x: Tensor): boolean {
  if (tensor.node?.op === "Add") return tensor.node.inputs.every((t) => hasFactor(t, x));
  return factorsOf(tensor).atoms.some((atom) => {
    const pair = inputsOf(atom, "Max");
    return pair?.includes(x) && pair.some((t) => scalarValue(t) === 0);
  });
}
