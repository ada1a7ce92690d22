import type { Jaxpr } from "@jax-js/jax";

/** One equation of a jaxpr. jax-js does not export these types by name. */
export type Equation = Jaxpr["eqns"][number];
export type Atom = Equation["inputs"][number];
export type Var = Jaxpr["inBinders"][number];

export const isVar = (atom: Atom): atom is Var => "id" in atom;

/** Equations that are to become loops, what they read and what is wanted of them. */
export interface Fragment {
  readonly equations: readonly Equation[];
  readonly inputs: readonly Var[];
  readonly outputs: readonly Atom[];
  /** Elements of variables that are known. */
  readonly constants: ReadonlyMap<Var, ArrayLike<number>>;
}
