import "./polyfill.ts";
import { type Array as JaxArray, makeJaxpr, type tree } from "@jax-js/jax";
import type { Fragment } from "../fuse/jaxpr.ts";
import { unsupported } from "../fuse/support.ts";
import { KernelProgram } from "../run/kernelProgram.ts";
import { FuseError } from "./fuseError.ts";
import type { ArrayType } from "./place.ts";

/** Arguments and results of functions of jax-js. */
export type Tree = tree.JsTree<JaxArray>;

/** A function that has become loops, for arguments of certain types. */
export interface CompiledFunction {
  readonly program: KernelProgram;
  readonly inputs: readonly ArrayType[];
  readonly outputs: readonly ArrayType[];
  /** Of the result. */
  readonly structure: tree.JsTreeDef;
}

/**
 * Traces a function with arguments, which are not used up, and makes loops of its equations.
 *
 * @throws {FuseError} naming an equation that cannot become loops, or a dtype.
 */
export function compileFunction<A extends Tree[]>(fn: (...values: A) => Tree, values: A): CompiledFunction {
  const traced = (makeJaxpr as (f: unknown) => (...v: unknown[]) => ReturnType<ReturnType<typeof makeJaxpr>>)(
    fn,
  )(...(values as unknown[]));
  const jaxpr = traced.jaxpr.jaxpr.flatten().simplify();
  const consts = traced.jaxpr.consts as JaxArray[];
  const inputs = jaxpr.inBinders.slice(consts.length);
  for (const { aval } of [...inputs, ...jaxpr.outs])
    if (aval.dtype === "bool") throw new FuseError("a bool comes in or goes out: cast it to int32");
  for (const equation of jaxpr.eqns) {
    const reason = unsupported(equation);
    if (reason !== undefined) throw new FuseError(`${reason}, in ${String(equation).replace(/\s+/g, " ")}`);
  }
  const constants: Fragment["constants"] = new Map(
    consts.flatMap((array, i) => {
      const binder = jaxpr.inBinders[i];
      return binder === undefined ? [] : [[binder, array.dataSync()] as const];
    }),
  );
  const typeOf = ({ aval: { shape, dtype } }: (typeof jaxpr.outs)[number]): ArrayType => ({ shape, dtype });
  return {
    program: new KernelProgram({ equations: jaxpr.eqns, inputs, outputs: jaxpr.outs, constants }),
    inputs: inputs.map(typeOf),
    outputs: jaxpr.outs.map(typeOf),
    structure: traced.treedef,
  };
}
