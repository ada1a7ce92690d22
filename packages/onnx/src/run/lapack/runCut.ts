import { lax, numpy as np } from "@jax-js/jax";
import type { TensorData } from "../../arrays/dtype.ts";
import { UnsupportedDtypeError } from "../../arrays/errors.ts";
import { dim, sizeOf } from "../../graph/shape.ts";
import type { CutCall, CutStage } from "../../lower/program.ts";
import type { ParamsOf } from "../../trace/jaxpr.ts";
import { type Lapack, lapack } from "./lapack.ts";
import { cholesky, eigh, type Floats, lu, type Problem, triangularSolve } from "./routines.ts";

/** Runs the equations of a cut on the arrays of their slots: on LAPACK if there is one, else on jax-js. */
export async function runCut(stage: CutStage, arrays: readonly TensorData[]): Promise<void> {
  const native = lapack();
  for (const call of stage.calls) {
    const pick = (slots: readonly number[]): TensorData[] => slots.flatMap((s) => arrays[s] ?? []);
    const [inputs, outputs] = [pick(call.inputs), pick(call.outputs)];
    if (native) await onLapack(native, call, inputs, outputs);
    else onJax(call, inputs, outputs);
  }
}

const isFloats = (array: TensorData): array is Floats =>
  array instanceof Float32Array || array instanceof Float64Array;

/** Slice b of `count` equal ones. */
const slice = <T extends TensorData>(array: T, b: number, count: number): T =>
  array.subarray((b * array.length) / count, ((b + 1) * array.length) / count) as T;

async function onLapack(
  native: Lapack,
  call: CutCall,
  inputs: readonly TensorData[],
  outputs: readonly TensorData[],
): Promise<void> {
  const avals = call.equation.inputs.map(({ aval }) => aval);
  const { shape = [], dtype = "?" } = avals.at(-1) ?? {};
  if (!inputs.every(isFloats) || (dtype !== "float32" && dtype !== "float64"))
    throw new UnsupportedDtypeError(dtype, call.primitive, "cast to float32 or float64 before");
  const count = sizeOf(shape.slice(0, -2));
  for (let b = 0; b < count; b++) {
    const problem: Problem = {
      lapack: native,
      precision: dtype,
      inputs: inputs.filter(isFloats).map((array) => slice(array, b, count)),
      outputs: outputs.map((array) => slice(array, b, count) as Floats | Int32Array),
      shape: [dim(shape, -2), dim(shape, -1)],
    };
    if (call.primitive === "cholesky") await cholesky(problem);
    else if (call.primitive === "lu") await lu(problem);
    else if (call.primitive === "jacobi_eigh") await eigh(problem);
    else await triangularSolve(problem, call.equation.params as ParamsOf<"triangular_solve">);
  }
}

/** The same routines of jax-js, one to a thousand times slower. */
function onJax(call: CutCall, inputs: readonly TensorData[], outputs: readonly TensorData[]): void {
  const [a, b] = call.equation.inputs.map(({ aval }, i) =>
    np.array(inputs[i] as Float32Array<ArrayBuffer>, { shape: aval.shape, dtype: aval.dtype }),
  );
  if (a === undefined) throw new Error("internal: a matrix routine without input");
  const results = ((): np.Array[] => {
    if (call.primitive === "cholesky") return [lax.linalg.cholesky(a)];
    if (call.primitive === "lu") return lax.linalg.lu(a);
    if (call.primitive === "jacobi_eigh") {
      const [v, w] = lax.linalg.eigh(a, { symmetrizeInput: false });
      const n = w.shape.at(-1) ?? 0;
      return [w.reshape([...w.shape, 1]).mul(np.eye(n)), v];
    }
    if (b === undefined) throw new Error("internal: triangular_solve needs two inputs");
    const { unitDiagonal } = call.equation.params as ParamsOf<"triangular_solve">;
    const solved = lax.linalg.triangularSolve(a, np.matrixTranspose(b), { leftSide: true, unitDiagonal });
    return [np.matrixTranspose(solved)];
  })();
  for (const [i, result] of results.entries()) outputs[i]?.set(result.dataSync());
}
