import { type Atom, type Equation, isVar, type Var } from "../trace/jaxpr.ts";

/** The equations that some results depend on. */
export function neededFor(equations: readonly Equation[], results: readonly Atom[]): ReadonlySet<Equation> {
  const needed = new Set<Equation>();
  const wanted = new Set<Var>(results.filter(isVar));
  for (const equation of equations.toReversed()) {
    if (!equation.outBinders.some((v) => wanted.has(v))) continue;
    needed.add(equation);
    for (const x of equation.inputs) if (isVar(x)) wanted.add(x);
  }
  return needed;
}
