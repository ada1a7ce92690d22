import { setTimeout as sleep } from "node:timers/promises";
import { numpy as np } from "@jax-js/jax";
import { compile, TrainStep } from "@steepest/onnx";

import { type MatrixRoutine, type MatrixShape, matrixRoutines } from "./routines.ts";
import { disposeMatrix, singularBasis, type TestMatrix, testMatrix } from "./testMatrix.ts";

/** What one routine made of one matrix. */
export interface MatrixRow extends MatrixShape {
  /** σ₁/σ_r of the matrix. */
  readonly condition: number;
  readonly routine: string;
  readonly finds: MatrixRoutine["finds"];
  /** The shortest time of the shape: it does not depend on the condition number. */
  readonly ms: number;
  readonly gflop: number;
  /** By the products' FLOPs and the shortest time. */
  readonly gflops: number;
  /** 1 − ⟨X, O⟩/‖X‖_*: what the oracle loses of the best pairing; negative where singular values exceed 1. */
  readonly loss: number;
  /** Polar factors: the largest |σ(O) − 1| over singular values of X above 1e-3·‖X‖_F. */
  readonly worst: number | null;
}

export interface MatrixStudy {
  readonly shapes: readonly MatrixShape[];
  readonly conditions: readonly number[];
  /** Timed runs of every routine on every shape. */
  readonly repetitions: number;
  readonly routines?: readonly MatrixRoutine[];
  readonly threads?: number | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Runs of one routine before it is another's turn: as many as fit, one at least. */
const TURN_MS = 40;
/** Between turns, so that threads which spin for a while after one have come to rest. */
const REST_MS = 5;
/** One run of a routine that takes longer than this is enough. */
const SLOW_MS = 1000;

/**
 * Time and error of the routines on matrices with known singular vectors, in float32 on ONNX Runtime. Routines take turns,
 * so that what else the machine does hits all the same. What fails on a shape is said, and left out.
 */
export async function measureMatrix(study: MatrixStudy): Promise<MatrixRow[]> {
  const { shapes, conditions, say, signal } = study;
  const rows: MatrixRow[] = [];
  for (const [i, shape] of shapes.entries()) {
    if (signal?.aborted === true) break;
    const { rows: m, columns: n } = shape;
    say(`${m} × ${n}, shape ${i + 1} of ${shapes.length}: compiling`);
    const basis = await singularBasis(shape);
    const matrices: TestMatrix[] = [];
    for (const condition of conditions) matrices.push(await testMatrix(basis, condition));
    basis.u.dispose();
    basis.vt.dispose();
    rows.push(...(await measureShape(shape, matrices, study)));
    for (const matrix of matrices) disposeMatrix(matrix);
  }
  return rows;
}

type Inputs = { x: np.Array; near: np.Array };
type RoutineGraph = TrainStep<Inputs, Record<string, never>, { found: np.Array }>;

/** The routine as one graph that reads the matrix and writes the result in place. */
const graphOf = ({ run }: MatrixRoutine, state: Inputs, threads: number | undefined): RoutineGraph =>
  TrainStep.create(
    ({ x, near }: Inputs): [Inputs, { found: np.Array }] => [{ x, near }, { found: run(x.ref, near.ref) }],
    { state, batch: {}, threads },
  );

interface Contestant {
  readonly routine: MatrixRoutine;
  readonly graph: RoutineGraph;
  ms: number;
  readonly errors: Pick<MatrixRow, "loss" | "worst">[];
}

async function measureShape(
  shape: MatrixShape,
  matrices: readonly TestMatrix[],
  { conditions, repetitions, routines = matrixRoutines, threads, say, signal }: MatrixStudy,
): Promise<MatrixRow[]> {
  const label = `${shape.rows} × ${shape.columns}`;
  const contestants: Contestant[] = [];
  for (const routine of routines) {
    if (signal?.aborted === true) break;
    let graph: RoutineGraph | undefined;
    const errors: Contestant["errors"] = [];
    try {
      for (const matrix of matrices) {
        const { x, near } = matrix;
        if (graph === undefined) graph = graphOf(routine, { x: x.ref, near: near.ref }, threads);
        else graph.setState({ x: x.ref, near: near.ref });
        const { found } = await graph.run();
        if (!(found instanceof Float32Array)) throw new Error("internal: the routine gave no matrix");
        errors.push(await errorOf(np.array(found.slice()).reshape(x.shape), routine.finds, matrix));
      }
      if (graph === undefined) throw new Error("internal: there is no matrix");
      contestants.push({ routine, graph, ms: Number.POSITIVE_INFINITY, errors });
    } catch (error) {
      graph?.dispose();
      say(`${label}, ${routine.name} left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  for (let turn = 0; turn < repetitions; turn++) {
    say(`${label}: turn ${turn + 1} of ${repetitions}`);
    for (const contestant of contestants) {
      if (signal?.aborted === true) break;
      if (contestant.ms > SLOW_MS && Number.isFinite(contestant.ms)) continue;
      for (let spent = 0; spent < TURN_MS; ) {
        const started = performance.now();
        await contestant.graph.run();
        const ms = performance.now() - started;
        contestant.ms = Math.min(contestant.ms, ms);
        spent += ms;
      }
      await sleep(REST_MS);
    }
  }
  return contestants.flatMap(({ routine, graph, ms, errors }) => {
    graph.dispose();
    const gflop = routine.flops(shape) / 1e9;
    return errors.map((error, i) => ({
      ...shape,
      condition: conditions[i] ?? 1,
      routine: routine.name,
      finds: routine.finds,
      ms: digits(ms),
      gflop: digits(gflop),
      gflops: digits((1e3 * gflop) / ms),
      ...error,
    }));
  });
}

/** Reads the singular values that a routine gave each known pair: diag(Uᵀ O V). Consumes the result. */
async function errorOf(
  result: np.Array,
  finds: MatrixRoutine["finds"],
  { u, vt, spectrum }: TestMatrix,
): Promise<Pick<MatrixRow, "loss" | "worst">> {
  const along = compile((left: np.Array, o: np.Array, right: np.Array) =>
    np.sum(np.matmul(np.matrixTranspose(left), o).mul(right), 1),
  );
  const values = (await (await along(u.ref, result, vt.ref)).data()) as Float32Array;
  along.dispose();
  const sum = (terms: Iterable<number>): number => [...terms].reduce((total, term) => total + term, 0);
  const paired = sum(values.map((value, i) => value * (spectrum[i] ?? 0)));
  const best = finds === "polar" ? sum(spectrum) : 1;
  const above = [...values].filter((_, i) => (spectrum[i] ?? 0) > 1e-3 * Math.hypot(...spectrum));
  const worst = finds === "polar" ? Math.max(...above.map((value) => Math.abs(value - 1))) : null;
  return { loss: digits(1 - paired / best), worst: worst === null ? null : digits(worst) };
}

const digits = (value: number): number => Number(value.toPrecision(4));
