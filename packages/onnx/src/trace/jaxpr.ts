import type { Jaxpr } from "@jax-js/jax";
import type { Dtype } from "../arrays/dtype.ts";

/** One equation of a jaxpr. jax-js does not export these types by name. */
export type Equation = Jaxpr["eqns"][number];
export type Atom = Equation["inputs"][number];
export type Var = Jaxpr["inBinders"][number];

/** The name of every primitive of jax-js; tables over it break the build when jax-js gets a new one. */
export type Primitive = `${Equation["primitive"]}`;

export type Pair = readonly [number, number];

interface WindowParams {
  readonly window: readonly number[];
  readonly strides: readonly number[];
}

export interface ConvolutionParams {
  readonly vmapDims: number;
  readonly strides: readonly number[];
  readonly padding: readonly Pair[];
  readonly lhsDilation: readonly number[];
  readonly rhsDilation: readonly number[];
}

interface KnownParams {
  bit_combine: { readonly op: "and" | "or" | "xor" };
  bit_shift: { readonly op: "shl" | "shr" };
  cast: { readonly dtype: Dtype };
  bitcast: { readonly dtype: Dtype };
  reduce: { readonly op: "Add" | "Mul" | "Min" | "Max"; readonly axis: readonly number[] };
  conv: ConvolutionParams;
  pool: WindowParams;
  pool_transpose: WindowParams & { readonly inShape: readonly number[] };
  compare: { readonly op: "less" | "equal" | "not_equal" | "less_equal" };
  concatenate: { readonly axis: number };
  split: { readonly axis: number; readonly sizes: readonly number[] };
  random_bits: { readonly shape: readonly number[]; readonly mode: "xor" | 0 | 1 };
  gather: { readonly axis: readonly number[]; readonly outDim: number; readonly uniqueIndices: boolean };
  transpose: { readonly perm: readonly number[] };
  broadcast: { readonly shape: readonly number[]; readonly axis: readonly number[] };
  reshape: { readonly shape: readonly number[] };
  flip: { readonly axis: readonly number[] };
  shrink: { readonly slice: readonly Pair[] };
  pad: { readonly width: readonly Pair[] };
  scatter: {
    readonly op: "update" | "add";
    readonly shape: readonly number[];
    readonly axis: readonly number[];
    readonly outDim: number;
    readonly uniqueIndices: boolean;
  };
  triangular_solve: { readonly unitDiagonal: boolean };
  jacobi_eigh: { readonly maxSweeps: number; readonly tolerance: number };
  fft: { readonly factors: readonly number[]; readonly inverse: boolean };
}

/** The static parameters of a primitive. */
export type ParamsOf<P extends Primitive> = P extends keyof KnownParams
  ? KnownParams[P]
  : Readonly<Record<string, unknown>>;

/** True for a variable, false for a literal. */
export function isVar(atom: Atom): atom is Var {
  return "id" in atom;
}
