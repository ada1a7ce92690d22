/**
 * Time and error of every matrix routine over sizes, aspect ratios and condition numbers, on ONNX Runtime (SVD-based ones
 * on jax-js, which has to do them). The question that The Nuclear Norm and Beyond leaves open: is the top singular
 * pair really cheaper than the polar factor?
 *
 *   npx tsx bench/matrix-routines.ts [--quick] > docs/results/matrix-routines.json
 */
import "../packages/steepest/src/polyfill.ts";
import { defaultDevice, init, numpy as np, random } from "@jax-js/jax";

import { compile } from "../packages/onnx/src/index.ts";
import {
  cansSet,
  gramNewtonSchulz,
  gramNewtonSchulzFlops,
  lanczos,
  newtonSchulz,
  newtonSchulzFlops,
  powerIteration,
  semiOrthogonal,
  startVector,
} from "../packages/steepest/src/matrix/index.ts";

/** One matrix: [rows, columns] with singular values falling from 1 to 1/condition, geometrically. */
interface MatrixCase {
  readonly rows: number;
  readonly columns: number;
  readonly condition: number;
}

interface Routine {
  readonly name: string;
  /** The polar factor, or the top pair as a matrix u vᵀ. */
  readonly finds: "polar" | "pair";
  readonly run: (x: np.Array) => np.Array;
  readonly flops: (size: MatrixCase) => number;
}

export interface Measurement extends MatrixCase {
  readonly routine: string;
  /** Best of the repetitions, ms. */
  readonly ms: number;
  readonly gflops: number;
  /** 1 − ⟨G, O⟩ / dual norm: what the oracle loses of the best pairing. Negative where singular values exceed 1. */
  readonly loss: number;
  /** Polar only: the largest |σ(O) − 1| for singular values of G above 1e-3·‖G‖_F, in the known singular basis. */
  readonly worst: number | null;
}

const pair = (triple: { sigma: np.Array; u: np.Array; v: np.Array }): np.Array => {
  triple.sigma.dispose();
  return np.expandDims(triple.u, 1).mul(np.expandDims(triple.v, 0));
};
const columnsOf = (x: np.Array): number => x.shape[1] ?? 1;
const products =
  (steps: number) =>
  ({ rows, columns }: MatrixCase): number =>
    4 * rows * columns * steps;

const cans = cansSet({ lower: 1e-3 });

export const routines: readonly Routine[] = [
  {
    name: "newtonSchulz keller ×5",
    finds: "polar",
    run: (x) => newtonSchulz(x),
    flops: (size) => newtonSchulzFlops({ ...size, steps: 5 }),
  },
  {
    name: "newtonSchulz polarExpress ×8",
    finds: "polar",
    run: (x) => newtonSchulz(x, { coefficients: "polarExpress", steps: 8 }),
    flops: (size) => newtonSchulzFlops({ ...size, steps: 8 }),
  },
  {
    name: `newtonSchulz CANS ×${cans.steps}`,
    finds: "polar",
    run: (x) => newtonSchulz(x, { coefficients: cans }),
    // Cubic steps: 4n²m each.
    flops: ({ rows, columns }) => cans.steps * 4 * Math.min(rows, columns) ** 2 * Math.max(rows, columns),
  },
  {
    name: "gramNewtonSchulz keller ×5",
    finds: "polar",
    run: (x) => gramNewtonSchulz(x),
    flops: (size) => gramNewtonSchulzFlops({ ...size, steps: 5 }),
  },
  {
    name: "gramNewtonSchulz polarExpress ×8",
    finds: "polar",
    run: (x) => gramNewtonSchulz(x, { coefficients: "polarExpress", steps: 8 }),
    flops: (size) => gramNewtonSchulzFlops({ ...size, steps: 8 }),
  },
  ...[2, 10].map(
    (steps): Routine => ({
      name: `powerIteration ×${steps}`,
      finds: "pair",
      run: (x) => pair(powerIteration(x, { steps, start: startVector(columnsOf(x)) })),
      flops: products(steps),
    }),
  ),
  ...[5, 10].map(
    (steps): Routine => ({
      name: `lanczos ×${steps}`,
      finds: "pair",
      run: (x) => pair(lanczos(x, { steps })),
      flops: products(steps),
    }),
  ),
];

/** Every routine on one matrix. */
export async function measureRoutines(size: MatrixCase, repetitions = 3): Promise<Measurement[]> {
  const { rows, columns, condition } = size;
  const rank = Math.min(rows, columns);
  const u = semiOrthogonal(random.key(1), [rows, rank]);
  const vt = semiOrthogonal(random.key(2), [rank, columns]);
  const spectrum = Float32Array.from({ length: rank }, (_, i) => condition ** (-i / Math.max(1, rank - 1)));
  const x = np.matmul(u.ref.mul(np.array(spectrum).reshape([1, rank])), vt.ref);
  const frobenius = Math.hypot(...spectrum);
  const nuclear = spectrum.reduce((sum, s) => sum + s, 0);
  const found: Measurement[] = [];
  for (const routine of routines) {
    const compiled = compile(routine.run);
    (await compiled(x.ref)).dispose(); // compiles
    let ms = Number.POSITIVE_INFINITY;
    let result: np.Array | undefined;
    for (let i = 0; i < repetitions; i++) {
      result?.dispose();
      const start = performance.now();
      result = await compiled(x.ref);
      ms = Math.min(ms, performance.now() - start);
    }
    compiled.dispose();
    if (result === undefined) throw new Error("internal: no repetition ran");
    // diag(Uᵀ O V): Newton-Schulz keeps singular vectors, so these are its singular values.
    const values = (await np
      .sum(np.matmul(np.matrixTranspose(u.ref), result.ref).mul(vt.ref), 1)
      .data()) as Float32Array;
    const paired = values.reduce((sum, value, i) => sum + value * (spectrum[i] ?? 0), 0);
    const best = routine.finds === "polar" ? nuclear : 1;
    const above = [...values].filter((_, i) => (spectrum[i] ?? 0) > 1e-3 * frobenius);
    const worst = routine.finds === "polar" ? Math.max(...above.map((value) => Math.abs(value - 1))) : null;
    result.dispose();
    const gflops = routine.flops(size) / ms / 1e6;
    found.push({ ...size, routine: routine.name, ms, gflops, loss: 1 - paired / best, worst });
  }
  for (const array of [u, vt, x]) array.dispose();
  return found;
}

async function main(quick: boolean): Promise<void> {
  await init("wasm");
  defaultDevice("wasm");
  const shapes = quick
    ? [
        [128, 128],
        [128, 512],
      ]
    : [
        [128, 128],
        [256, 256],
        [512, 512],
        [128, 512],
        [512, 128],
        [256, 1024],
        [512, 2048],
        [1024, 1024],
      ];
  const all: Measurement[] = [];
  for (const [rows = 1, columns = 1] of shapes) {
    for (const condition of quick ? [100] : [1, 100, 1e4]) {
      const measured = await measureRoutines({ rows, columns, condition });
      for (const m of measured)
        console.error(
          `${rows}×${columns} κ=${condition}  ${m.routine.padEnd(34)} ${m.ms.toFixed(2)} ms  loss ${m.loss.toExponential(1)}`,
        );
      all.push(...measured);
    }
  }
  console.log(JSON.stringify(all, null, 1));
}

if (import.meta.url === `file://${process.argv[1]}`) await main(process.argv.includes("--quick"));
