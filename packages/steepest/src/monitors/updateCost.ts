import { makeJaxpr, numpy as np } from "@jax-js/jax";
import type { StepContext, Transform } from "../core/transform.ts";
import { refTree, type Tree } from "../core/tree.ts";

export interface UpdateCost {
  /** Additions, multiplications, divisions, roots and their like; 2mnk for a matrix product. */
  readonly flops: number;
  /** Floats that are alive at once at most, gradient, weight and state among them; views count once. */
  readonly peakFloats: number;
}

type Traced = ReturnType<ReturnType<typeof makeJaxpr>>["jaxpr"]["jaxpr"];
type Equation = Traced["eqns"][number];
type Atom = Traced["outs"][number];

/** One operation for each entry of the result. */
const arithmetic: readonly string[] = [
  ...["add", "mul", "idiv", "mod", "min", "max", "neg", "reciprocal", "floor", "ceil"],
  ...["sin", "cos", "asin", "atan", "exp", "log", "erf", "erfc", "sqrt"],
];
/** The same numbers once more: no memory of their own. */
const views: readonly string[] = ["reshape", "transpose", "broadcast", "stop_gradient"];
/** No arithmetic. */
const free: readonly string[] = [
  ...views,
  ...["compare", "where", "cast", "bitcast", "concatenate", "split", "gather", "scatter", "flip", "shrink"],
  ...["pad", "sort", "argsort", "random_bits", "bit_combine", "bit_shift", "bit_count"],
];

/**
 * What a step of a method costs on a weight of the given shape, counted in its traced graph: nothing is computed or measured.
 * Operations are counted one for one as they stand there (comparisons and choices as none); memory as if each equation made its
 * result before the next began, which is what a framework without fusion does: an upper bound of ours. `context` is the
 * step's, for methods that compute different things in different steps; default the second step.
 *
 * As Gu & Xie 2026 count the update of Mano, at most 11mn (two normalisations of 3mn, a tangent projection of 5mn) beside momentum and
 * decay. Throws an Error naming the operation for a graph with one that has no fixed count, as an SVD.
 */
export function updateCost<S extends Tree>(
  method: Transform<S>,
  shape: readonly number[],
  context: StepContext = { phase: 1 % (method.period ?? 1), first: false },
): UpdateCost {
  const weight = (): Tree => ({ w: np.zeros([...shape]) });
  const params = weight();
  const state = method.init(refTree(params));
  const step = (gradient: Tree, before: Tree, at: Tree): [Tree, S] =>
    method.update(gradient, before as S, at, context);
  const given = [weight(), state, params] as const;
  const { jaxpr: closed } = makeJaxpr(step)(...(given as never as Parameters<typeof step>));
  for (const constant of closed.consts) constant.dispose();
  const traced = closed.jaxpr.flatten().simplify();
  return { flops: traced.eqns.reduce((sum, one) => sum + flopsOf(one), 0), peakFloats: peakOf(traced) };
}

const sizeOf = ({ aval }: Atom): number => aval.shape.reduce((product, side) => product * side, 1);

function flopsOf({ primitive, inputs, outBinders }: Equation): number {
  const made = outBinders.reduce((sum, out) => sum + sizeOf(out), 0);
  const name: string = primitive;
  const [first, second] = inputs;
  if (arithmetic.includes(name)) return made;
  if (free.includes(name)) return 0;
  if (first !== undefined && name === "reduce") return sizeOf(first);
  if (first !== undefined && second !== undefined && name === "dot")
    return 2 * made * (first.aval.shape.at(-1) ?? 1);
  throw new Error(`updateCost: ${name} has no fixed count of operations`);
}

/** The most floats that are alive after an equation: those given, those to come out, and what is still to be used. */
function peakOf({ inBinders, eqns, outs }: Traced): number {
  const uses = new Map<Atom, number>();
  for (const atom of [...eqns.flatMap(({ inputs }) => inputs), ...outs, ...inBinders])
    uses.set(atom, (uses.get(atom) ?? 0) + 1);
  /** A view keeps what it is a view of. */
  const source = new Map<Atom, Atom>();
  let alive = inBinders.reduce((sum, given) => sum + sizeOf(given), 0);
  let peak = alive;
  const release = (atom: Atom): void => {
    const left = (uses.get(atom) ?? 0) - 1;
    uses.set(atom, left);
    if (left !== 0 || "value" in atom) return;
    const from = source.get(atom);
    if (from === undefined) alive -= sizeOf(atom);
    else release(from);
  };
  for (const { primitive, inputs, outBinders } of eqns) {
    const [first] = inputs;
    const isView = views.includes(primitive) && first !== undefined && !("value" in first);
    for (const out of outBinders) {
      if (isView) {
        source.set(out, first);
        uses.set(first, (uses.get(first) ?? 0) + 1);
      } else alive += sizeOf(out);
    }
    peak = Math.max(peak, alive);
    for (const input of inputs) release(input);
  }
  return peak;
}
