import { scalarValue, type Tensor } from "../graph/graph.ts";
import { besides, factorsOf, inputsOf, without } from "./match.ts";
import type { Rule } from "./rule.ts";

/** jax-js's tanh: with s = -sign(x) and e = exp(2 s x), it is (e - 1) / (e + 1) s. */
interface Parts {
  readonly x: Tensor;
  readonly e: Tensor;
  readonly sign: Tensor;
}

/** Recognises e by its exponent, x times the sign of x times 2. */
function partsOf(e: Tensor): Parts | undefined {
  const exponent = inputsOf(e, "Exp")?.[0];
  if (exponent === undefined) return undefined;
  const { coefficient, atoms } = factorsOf(exponent);
  const sign = atoms.find((t) => signOf(t) !== undefined);
  const x = sign && signOf(sign);
  // x may be a product itself, so what is left has to be its factors.
  if (sign === undefined || x === undefined) return undefined;
  const own = factorsOf(x);
  const rest = without(atoms, [sign, ...own.atoms]);
  return rest?.length === 0 && coefficient === 2 * own.coefficient ? { x, e, sign } : undefined;
}

/** where(x < 0, 1, -1): the x. */
function signOf(tensor: Tensor): Tensor | undefined {
  const [condition, yes, no] = inputsOf(tensor, "Where") ?? [];
  if (!condition || !yes || !no || scalarValue(yes) !== 1 || scalarValue(no) !== -1) return undefined;
  const [x, zero] = inputsOf(condition, "Less") ?? [];
  return zero && scalarValue(zero) === 0 ? x : undefined;
}

const plusOne = (tensor: Tensor): Tensor | undefined => besides(inputsOf(tensor, "Add") ?? [], 1);
const minusOne = (tensor: Tensor): Tensor | undefined => besides(inputsOf(tensor, "Add") ?? [], -1);
const inverseOfPlusOne = (tensor: Tensor): Tensor | undefined => {
  const inner = inputsOf(tensor, "Reciprocal")?.[0];
  return inner && plusOne(inner);
};

/** (e - 1) / (e + 1) s is Tanh(x): nine passes over the data become one. */
export const tanh: Rule = ({ op, inputs, type }, { g }) => {
  if (op !== "Mul" || type.dtype !== "float32") return undefined;
  const factors = inputs.map(factorsOf);
  const atoms = factors.flatMap((f) => f.atoms);
  if (atoms.length !== 3 || factors.some(({ coefficient }) => coefficient !== 1)) return undefined;
  const u = atoms.find((t) => minusOne(t) !== undefined);
  const e = u && minusOne(u);
  const parts = e && partsOf(e);
  const rest = parts && without(atoms, [u, parts.sign]);
  const r = rest?.[0];
  return parts && r && inverseOfPlusOne(r) === e ? g.emit("Tanh", [parts.x], type) : undefined;
};

/**
 * The gradient of that expression, with r = 1 / (e + 1) and u = e - 1:
 *
 *   (c s r - c s u r²) e 2 s   =   c (1 - tanh²)
 */
export const tanhGradient: Rule = ({ op, inputs, type }, { g, make }) => {
  if (op !== "Mul" || type.dtype !== "float32") return undefined;
  const outer = inputs.map(factorsOf);
  const atoms = outer.flatMap((f) => f.atoms);
  const inner = atoms.find((t) => t.node?.op === "Add" || t.node?.op === "Sub");
  const e = atoms.find((t) => partsOf(t) !== undefined);
  const parts = e && partsOf(e);
  if (!inner || !parts || !e) return undefined;
  const rest = without(atoms, [inner, e, parts.sign]);
  const first = inner.node?.inputs[0] && factorsOf(inner.node.inputs[0]);
  const second = inner.node?.inputs[1] && factorsOf(inner.node.inputs[1]);
  if (!rest || !first || !second) return undefined;
  const common = commonFactor(first, second, inner.node?.op === "Sub", e, parts.sign);
  if (!common) return undefined;
  const coefficient = common.coefficient * outer.reduce((p, f) => p * f.coefficient, 1);
  const t = g.emit("Tanh", [parts.x], { dtype: "float32", shape: parts.x.shape });
  const like = { dtype: "float32" as const, shape: parts.x.shape };
  const slope = make("Sub", [g.scalar("float32", 1), make("Mul", [t, t], like)], like);
  const factors = [...rest, ...common.atoms];
  const product = factors.reduce((a, b) => make("Mul", [a, b], type), slope);
  // 1 - tanh² is 4 e / (e + 1)², and r - u r² is 2 / (e + 1)².
  return make("Mul", [product, g.scalar("float32", coefficient / 2)], type);
};

/** The c in c s r - c s u r², whichever of the two terms comes first. */
function commonFactor(
  a: ReturnType<typeof factorsOf>,
  b: ReturnType<typeof factorsOf>,
  subtracted: boolean,
  e: Tensor,
  sign: Tensor,
): ReturnType<typeof factorsOf> | undefined {
  for (const [plain, curved, flip] of [
    [a, b, subtracted ? -1 : 1],
    [b, a, 1],
  ] as const) {
    const r = plain.atoms.find((t) => inverseOfPlusOne(t) === e);
    const u = curved.atoms.find((t) => minusOne(t) === e);
    const left = r && without(plain.atoms, [r, sign]);
    const right = r && u && without(curved.atoms, [r, r, u, sign]);
    if (!left || !right || without(left, right)?.length !== 0) continue;
    if (plain.coefficient !== -flip * curved.coefficient) continue;
    if (subtracted && plain === b) continue;
    return { coefficient: plain.coefficient, atoms: left };
  }
  return undefined;
}
