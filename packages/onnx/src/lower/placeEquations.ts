import { type Equation, isVar, type Primitive, type Var } from "../trace/jaxpr.ts";
import type { Traced } from "../trace/trace.ts";
import { neededFor } from "./neededFor.ts";
import { CUT, loweringOf } from "./table.ts";

/** Which results of a function come last, and how many of all are wanted. See `lower`. */
export interface ResultOrder {
  readonly late: number;
  readonly kept: number;
}

/** An equation and its position in the jaxpr. */
export interface PlacedEquation {
  readonly equation: Equation;
  readonly index: number;
}

/** The equations by stage, each as early as its inputs allow, and the stage that computes each variable. */
export function placeEquations(
  { eqns, outs }: Traced["jaxpr"],
  order?: ResultOrder,
): { readonly stages: readonly (readonly PlacedEquation[])[]; readonly stageOf: ReadonlyMap<Var, number> } {
  const needed = order === undefined ? new Set(eqns) : neededFor(eqns, outs.slice(order.late));
  const stageOf = new Map<Var, number>();
  const stages: PlacedEquation[][] = [[]];
  const place = (equation: Equation, index: number, from: number): void => {
    const ready = Math.max(from, ...equation.inputs.map((x) => (isVar(x) ? (stageOf.get(x) ?? 0) : 0)));
    // Graphs are the even stages, cuts the odd ones.
    const wanted = loweringOf(equation.primitive as Primitive) === CUT ? 1 : 0;
    const stage = ready % 2 === wanted ? ready : ready + 1;
    while (stages.length <= stage) stages.push([]);
    stages[stage]?.push({ equation, index });
    for (const v of equation.outBinders) stageOf.set(v, stage);
  };
  for (const [index, equation] of eqns.entries()) if (needed.has(equation)) place(equation, index, 0);
  const nextGraph = needed.size === 0 ? 0 : stages.length + (stages.length % 2);
  for (const [index, equation] of eqns.entries())
    if (!needed.has(equation)) place(equation, index, nextGraph);
  return { stages, stageOf };
}
