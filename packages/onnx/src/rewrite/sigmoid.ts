import { scalarValue, type Tensor } from "../graph/graph.ts";
import { besides, factorsOf, inputsOf, without } from "./match.ts";
import type { Rule } from "./rule.ts";

/** σ(-x) (1 - σ(-x)) is below 1e-26 for larger x, so that a bound there changes nothing that float32 can tell. */
const FAR = 60;

/** exp(-s), or exp(min(-s, bound)) with a bound far out: the s. */
function negatedExponent(e: Tensor): Tensor | undefined {
  const exponent = inputsOf(e, "Exp")?.[0];
  if (exponent === undefined) return undefined;
  const bounded = inputsOf(exponent, "Min");
  const inner = bounded?.find((t) => (scalarValue(t) ?? 0) >= FAR) ? unbounded(bounded) : exponent;
  return inputsOf(inner, "Neg")?.[0];
}

const unbounded = (inputs: readonly Tensor[]): Tensor | undefined =>
  inputs.find((t) => scalarValue(t) === undefined);

/** The s of σ(s) = 1 / (exp(-s) + 1). The runtime's `Sigmoid` would be 0 from -18 on, and its logarithm infinite. */
function argument(tensor: Tensor): Tensor | undefined {
  const e = besides(inputsOf(inputsOf(tensor, "Reciprocal")?.[0], "Add") ?? [], 1);
  return e && negatedExponent(e);
}

/** The gradient of a sigmoid as jax-js derives it, c σ² exp(-s), is c σ (1 - σ), which needs σ alone. */
export const sigmoidGradient: Rule = ({ op, inputs, type }, { g, make }) => {
  if (op !== "Mul" || type.dtype !== "float32") return undefined;
  const factors = inputs.map(factorsOf);
  const atoms = factors.flatMap((f) => f.atoms);
  const e = atoms.find((t) => negatedExponent(t) !== undefined);
  const s = e && negatedExponent(e);
  const y = atoms.find((t) => s !== undefined && argument(t) === s);
  const rest = e && y && without(atoms, [e, y, y]);
  if (!y || !rest) return undefined;
  const like = { dtype: type.dtype, shape: y.shape };
  const slope = make("Mul", [y, make("Sub", [g.scalar("float32", 1), y], like)], like);
  const product = rest.reduce((a, b) => make("Mul", [a, b], type), slope);
  const coefficient = factors.reduce((p, f) => p * f.coefficient, 1);
  if (coefficient === -1) return make("Neg", [product], type);
  return coefficient === 1 ? product : make("Mul", [product, g.scalar("float32", coefficient)], type);
};

/** The gradient of the bound, 0 where -s is beyond it: there σ (1 - σ) is as good as 0 already. */
export const sigmoidBound: Rule = ({ op, inputs, type }) => {
  const [beyond, zero, gradient] = inputs;
  if (op !== "Where" || type.dtype !== "float32" || !beyond || !zero || !gradient) return undefined;
  const [bound, exponent] = inputsOf(beyond, "Less") ?? [];
  if (!bound || !exponent || scalarValue(zero) !== 0 || (scalarValue(bound) ?? 0) < FAR) return undefined;
  const s = inputsOf(exponent, "Neg")?.[0];
  const { atoms } = factorsOf(gradient);
  const y = atoms.find((t) => s !== undefined && argument(t) === s);
  const slope = atoms.some((t) => y !== undefined && inputsOf(t, "Sub")?.[1] === y);
  return slope ? gradient : undefined;
};
