import { dtypeFacts } from "../arrays/dtype.ts";
import type { Node } from "../graph/graph.ts";
import { dim, sizeOf } from "../graph/shape.ts";
import type { CutCall, CutStage, GraphStage, KernelStage, Program, Stage } from "../lower/program.ts";
import { lapack } from "./lapack/lapack.ts";

/**
 * What a function became, in words: the operators of each graph by count with the arithmetic of its matrix
 * products, fused loops by count, and each cut with its equation, its arithmetic, the bytes that cross it and what runs it.
 */
export function explainProgram(program: Program): string {
  const head = `${program.equations} equations in ${program.stages.length} stage(s)`;
  const stages = program.stages.map((stage, i) => explainStage(program, stage, i));
  return [head, ...stages].join("\n");
}

function explainStage(program: Program, stage: Stage, i: number): string {
  if (stage.kind === "graph") return explainGraph(stage, i);
  return stage.kind === "cut" ? explainCut(program, stage, i) : explainKernels(stage, i);
}

const explainKernels = ({ kernels }: KernelStage, i: number): string => `stage ${i}: ${kernels.explain()}`;

function explainGraph({ graph }: GraphStage, i: number): string {
  const nodes = graph.liveNodes();
  const counts = new Map<string, number>();
  for (const { op } of nodes) counts.set(op, (counts.get(op) ?? 0) + 1);
  const list = [...counts].sort((a, b) => b[1] - a[1]).map(([op, n]) => `${n} ${op}`);
  const flops = nodes.reduce((sum, node) => sum + productFlops(node), 0);
  return `stage ${i}: one graph, ${gflop(flops)} in products: ${list.join(", ")}`;
}

/** Two for every multiplication and addition of a matrix product or convolution. */
function productFlops({ op, inputs, outputs }: Node): number {
  const [a, b] = inputs;
  const out = sizeOf(outputs[0]?.shape ?? []);
  if (!a || !b) return 0;
  if (op === "MatMul") return 2 * out * dim(a.shape, -1);
  if (op === "Gemm") return (2 * out * sizeOf(a.shape)) / Math.max(1, dim(outputs[0]?.shape ?? [1], 0));
  if (op === "Conv") return 2 * out * sizeOf(b.shape.slice(1));
  return 0;
}

function explainCut(program: Program, { calls }: CutStage, i: number): string {
  const where = lapack()?.path ?? "jax-js, slowly: no LAPACK found (apt-get install libopenblas0-pthread)";
  return calls
    .map((call) => {
      const text = String(call.equation).replace(/\s+/g, " ");
      const slots = [...call.inputs, ...call.outputs].flatMap((s) => program.slots[s] ?? []);
      const bytes = slots.reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * dtypeFacts[dtype].bytes, 0);
      return (
        `stage ${i}: cut at equation ${call.index + 1}: ${text}\n` +
        `  ${gflop(cutFlops(call))}, ${(bytes / 1e6).toPrecision(2)} MB across the cut, on ${where}`
      );
    })
    .join("\n");
}

/** The usual operation counts (Golub & Van Loan); an eigendecomposition takes about 9 n³ with its vectors. */
function cutFlops({ primitive, equation }: CutCall): number {
  const shape = equation.inputs.at(-1)?.aval.shape ?? [];
  const [m, n] = [dim(shape, -2), dim(shape, -1)];
  const batch = sizeOf(shape.slice(0, -2));
  if (primitive === "cholesky") return (batch * n ** 3) / 3;
  if (primitive === "lu") return batch * Math.min(m, n) ** 2 * (Math.max(m, n) - Math.min(m, n) / 3);
  if (primitive === "triangular_solve") return batch * m * n ** 2;
  return 9 * batch * n ** 3;
}

const gflop = (flops: number): string => `${(flops / 1e9).toPrecision(2)} GFLOP`;
