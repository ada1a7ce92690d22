import { type Equation, isVar, type Primitive, type Var } from "../trace/jaxpr.ts";
import type { Traced } from "../trace/trace.ts";
import { fusedParts } from "./fusedParts.ts";
import { neededFor } from "./neededFor.ts";
import type { Program } from "./program.ts";
import { CUT, loweringOf } from "./table.ts";

/** Which results of a function come last, and how many of all are wanted. See `lower`. */
export interface ResultOrder {
  readonly late: number;
  readonly kept: number;
  /** Whether what only the first results need may become fused loops. */
  readonly fused?: boolean;
}

/** An equation and its position in the jaxpr. */
export interface PlacedEquation {
  readonly equation: Equation;
  readonly index: number;
}

export interface PlacedStage {
  readonly kind: Program["stages"][number]["kind"];
  readonly equations: PlacedEquation[];
}

/** The equations by stage, each as early as its inputs allow, and the stage that computes each variable. */
export function placeEquations(
  { eqns, outs }: Traced["jaxpr"],
  order?: ResultOrder,
): { readonly stages: readonly PlacedStage[]; readonly stageOf: ReadonlyMap<Var, number> } {
  const needed = order === undefined ? new Set(eqns) : neededFor(eqns, outs.slice(order.late));
  const late = eqns.filter((equation) => !needed.has(equation));
  const parts = order?.fused === true ? fusedParts(eqns, late, outs) : undefined;
  const placement = new Placement(eqns);
  placement.alternate((equation) => needed.has(equation));
  if (parts === undefined) placement.alternate((equation) => !needed.has(equation));
  else {
    placement.fuse(parts.before);
    placement.alternate((equation) => parts.graph.has(equation));
    placement.fuse(parts.after);
  }
  return placement;
}

class Placement {
  readonly stages: PlacedStage[] = [{ kind: "graph", equations: [] }];
  readonly stageOf = new Map<Var, number>();
  readonly #eqns: readonly Equation[];

  constructor(eqns: readonly Equation[]) {
    this.#eqns = eqns;
  }

  /** Graphs and cuts in turn, after all that is placed. */
  alternate(belongs: (equation: Equation) => boolean): void {
    const begun = this.stages.some(({ equations }) => equations.length > 0);
    const first = begun ? this.stages.length : 0;
    for (const [index, equation] of this.#eqns.entries()) {
      if (!belongs(equation)) continue;
      const inputs = equation.inputs.map((x) => (isVar(x) ? (this.stageOf.get(x) ?? 0) : 0));
      const ready = Math.max(first, ...inputs);
      const wanted = loweringOf(equation.primitive as Primitive) === CUT ? 1 : 0;
      this.#place(equation, index, (ready - first) % 2 === wanted ? ready : ready + 1, first);
    }
  }

  /** One stage of fused loops, after all that is placed. */
  fuse(equations: ReadonlySet<Equation>): void {
    if (equations.size === 0) return;
    const stage = this.stages.push({ kind: "kernels", equations: [] }) - 1;
    for (const [index, equation] of this.#eqns.entries())
      if (equations.has(equation)) this.#place(equation, index, stage, stage);
  }

  #place(equation: Equation, index: number, stage: number, first: number): void {
    while (this.stages.length <= stage) {
      const kind = (this.stages.length - first) % 2 === 0 ? "graph" : "cut";
      this.stages.push({ kind, equations: [] });
    }
    this.stages[stage]?.equations.push({ equation, index });
    for (const v of equation.outBinders) this.stageOf.set(v, stage);
  }
}
