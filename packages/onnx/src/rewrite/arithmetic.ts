import { scalarValue, type Tensor } from "../graph/graph.ts";
import { reshapeTensor } from "../graph/layout.ts";
import { dim, sizeOf } from "../graph/shape.ts";
import { choose, inputsOf } from "./match.ts";
import type { Rule } from "./rule.ts";

/** a + (-b) is a - b: jax-js has no subtraction. Also where -b is a smaller array, reshaped to broadcast. */
export const difference: Rule = ({ op, inputs, type }, { g, make }) => {
  if (op !== "Add") return undefined;
  const found = choose(inputs, (t) => {
    const inner = inputsOf(t, "Neg")?.[0];
    if (inner !== undefined) return inner;
    const source = inputsOf(inputsOf(t, "Reshape")?.[0], "Neg")?.[0];
    return source && reshapeTensor(g, source, t.shape);
  });
  return found && make("Sub", [found.other, found.found], type);
};

/** -(-a) is a. */
export const negation: Rule = ({ op, inputs }) =>
  op === "Neg" ? inputsOf(inputs[0], "Neg")?.[0] : undefined;

/** -a is 0 - a in jax-js, which never makes a -0; the runtime's `Neg` does, and 1 / -0 is the other infinity. */
export const fromZero: Rule = ({ op, inputs, type }, { g, make }) =>
  op === "Neg" && inputs[0] !== undefined && (type.dtype === "float32" || type.dtype === "float64")
    ? make("Sub", [g.scalar(type.dtype, 0), inputs[0]], type)
    : undefined;

/** a + a is 2 a, which can join other factors. */
export const double: Rule = ({ op, inputs, type }, { g, make }) =>
  op === "Add" && inputs[0] !== undefined && inputs[0] === inputs[1] && type.dtype === "float32"
    ? make("Mul", [inputs[0], g.scalar("float32", 2)], type)
    : undefined;

/**
 * a (1 / b) is a / b where b is as large as the result and nothing else needs 1 / b: one reciprocal is cheaper than many
 * divisions.
 */
export const quotient: Rule = ({ op, inputs, type }, { make, uses }) => {
  if (op !== "Mul") return undefined;
  const found = choose(inputs, (t) => (uses(t) === 1 ? inputsOf(t, "Reciprocal")?.[0] : undefined));
  if (!found || found.other.node?.op === "Reciprocal") return undefined;
  if (sizeOf(found.found.shape) !== sizeOf(type.shape)) return undefined;
  return make("Div", [found.other, found.found], type);
};

/** Magnitudes that float32 has with all its bits. */
const isNormal = (magnitude: number): boolean => magnitude >= 2 ** -126 && magnitude < 2 ** 128;

/**
 * (x c) d is x (c d) for numbers c and d, if nothing else needs x c. Only where both make x larger or both make it
 * smaller, and c d is an ordinary number: else one of the two ways overflows, or is 0, where the other does not.
 */
export const scaleOfScale: Rule = ({ op, inputs, type }, { g, make, uses }) => {
  if (op !== "Mul" || type.dtype !== "float32") return undefined;
  const outer = choose(inputs, scalarValue);
  const scaled = outer && uses(outer.other) === 1 ? inputsOf(outer.other, "Mul") : undefined;
  const inner = scaled && choose(scaled, scalarValue);
  if (!outer || !inner) return undefined;
  const [c, d] = [Math.abs(inner.found), Math.abs(outer.found)];
  if (!(c >= 1 ? d >= 1 : d <= 1) || !isNormal(Math.fround(c * d))) return undefined;
  return make("Mul", [inner.other, g.scalar("float32", Math.fround(outer.found * inner.found))], type);
};

/** Two zero-padded arrays that do not overlap, added, are one after the other: the gradient of slices. */
export const padsToConcat: Rule = ({ op, inputs, type }, { g }) => {
  if (op !== "Add") return undefined;
  const [a, b] = inputs.map((t) => padding(t));
  if (!a || !b || a.axis !== b.axis) return undefined;
  const [first, second] = a.before === 0 ? [a, b] : [b, a];
  const { axis } = first;
  const length = dim(first.source.shape, axis);
  const meet = first.before === 0 && second.after === 0 && second.before === length;
  if (!meet || length + dim(second.source.shape, axis) !== type.shape[axis]) return undefined;
  return g.emit("Concat", [first.source, second.source], type, { axis });
};

/** A padding along one dimension only. */
function padding(tensor: Tensor) {
  const [source, widths] = inputsOf(tensor, "Pad") ?? [];
  const values = widths?.constant;
  if (!source || !values) return undefined;
  const rank = source.shape.length;
  const axes = [...source.shape.keys()].filter((d) => values[d] !== 0 || values[rank + d] !== 0);
  const [axis] = axes;
  if (axis === undefined || axes.length > 1) return undefined;
  return { source, axis, before: values[axis] ?? 0, after: values[rank + axis] ?? 0 };
}
