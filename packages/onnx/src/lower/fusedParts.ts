import { refusal } from "@steepest/kernels";
import { type Atom, type Equation, isVar, type Var } from "../trace/jaxpr.ts";

/** The equations of an update by what runs them, one part after the other. */
export interface FusedParts {
  /** Fused loops. */
  readonly before: ReadonlySet<Equation>;
  /** Matrix products and the like, and whatever stands between two of them. */
  readonly graph: ReadonlySet<Equation>;
  /** Fused loops. */
  readonly after: ReadonlySet<Equation>;
}

/**
 * Cuts an update (`late` of `all`) where loops do better than operators: what leads to the first matrix products, and what follows
 * from the last ones. Undefined where a truth value would have to cross, which the two keep differently in memory.
 */
export function fusedParts(
  all: readonly Equation[],
  late: readonly Equation[],
  outs: readonly Atom[],
): FusedParts | undefined {
  if (late.length === 0) return undefined;
  const below = new Set<Equation>();
  const above = new Set<Equation>();
  const producer = new Map<Var, Equation>(late.flatMap((e) => e.outBinders.map((v) => [v, e] as const)));
  const operandsOf = ({ inputs }: Equation): Equation[] =>
    inputs.flatMap((x) => (isVar(x) ? (producer.get(x) ?? []) : []));
  const refused = new Set(late.filter((equation) => refusal(equation) !== undefined));
  for (const equation of late)
    if (operandsOf(equation).some((e) => refused.has(e) || below.has(e))) below.add(equation);
  const wanted = new Set<Equation>();
  for (const equation of late.toReversed()) {
    if (wanted.has(equation)) above.add(equation);
    if (wanted.has(equation) || refused.has(equation)) for (const e of operandsOf(equation)) wanted.add(e);
  }
  const graph = new Set(late.filter((e) => refused.has(e) || (below.has(e) && above.has(e))));
  const before = new Set(late.filter((e) => !graph.has(e) && above.has(e)));
  const after = new Set(late.filter((e) => !graph.has(e) && !above.has(e)));
  const partOf = (equation: Equation | undefined): unknown =>
    equation === undefined ? undefined : [before, graph, after].find((part) => part.has(equation));
  const crosses = all.some((equation) =>
    equation.inputs.some((x) => {
      if (!isVar(x) || x.aval.dtype !== "bool") return false;
      return partOf(equation) !== undefined && partOf(equation) !== partOf(producer.get(x));
    }),
  );
  return crosses || outs.some((x) => isVar(x) && x.aval.dtype === "bool" && producer.has(x))
    ? undefined
    : { before, graph, after };
}
