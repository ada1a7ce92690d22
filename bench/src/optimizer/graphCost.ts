import type { TrainStep } from "@steepest/onnx";

type Program = ReturnType<TrainStep<never, never, never>["program"]>;

/** What one run of a program computes and moves. */
export interface GraphCost {
  /** FLOPs of matrix products and of what LAPACK does (the usual counts). */
  readonly flops: number;
  /** Bytes that operators read and write, each result once for each use; reshapes move nothing. */
  readonly bytes: number;
  readonly operators: number;
}

const FREE = new Set(["Reshape", "Unsqueeze", "Squeeze", "Identity"]);
const WIDTHS: Readonly<Record<string, number>> = { float64: 8, int64: 8, float16: 2, bool: 1, uint8: 1 };

/** Cost of a lowered step, from the shapes of its operators. */
export function graphCost({ stages }: Pick<Program, "stages">): GraphCost {
  let [flops, bytes, operators] = [0, 0, 0];
  for (const stage of stages) {
    if (stage.kind === "cut") {
      for (const { primitive, equation } of stage.calls) {
        const shape = equation.inputs.at(-1)?.aval.shape ?? [];
        const n = shape.at(-1) ?? 1;
        const batch = size(shape.slice(0, -2));
        flops += batch * n ** 3 * (primitive === "cholesky" ? 1 / 3 : primitive === "jacobi_eigh" ? 9 : 1);
        bytes += 16 * size(shape);
      }
      continue;
    }
    if (stage.kind === "kernels") {
      operators += stage.kernels.loops;
      bytes += stage.kernels.movedBytes;
      continue;
    }
    for (const { op, inputs, outputs } of stage.graph.liveNodes()) {
      if (FREE.has(op)) continue;
      operators++;
      for (const { dtype, shape } of [...inputs, ...outputs]) bytes += (WIDTHS[dtype] ?? 4) * size(shape);
      const [left] = inputs;
      const out = size(outputs[0]?.shape ?? []);
      if (op === "MatMul") flops += 2 * out * (left?.shape.at(-1) ?? 1);
      if (op === "Gemm")
        flops += (2 * out * size(left?.shape ?? [])) / Math.max(1, outputs[0]?.shape[0] ?? 1);
    }
  }
  return { flops, bytes, operators };
}

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
