import { numpy as np, random } from "@jax-js/jax";
import {
  type CoefficientSetName,
  cansSet,
  coefficientSet,
  coupledNewtonSchulz,
  type GramNewtonSchulzOptions,
  gramNewtonSchulz,
  gramNewtonSchulzFlops,
  gramRestarts,
  lakic,
  lanczos,
  type NewtonSchulzOptions,
  newtonSchulz,
  newtonSchulzFlops,
  polar,
  powerIteration,
  randomizedSvd,
  resolveNewtonSchulz,
  type SingularTriple,
  startVector,
} from "steepest/matrix";

/** The shape of a matrix. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/** One way to the polar factor or to the top singular pair of a matrix. */
export interface MatrixRoutine {
  readonly name: string;
  /** The polar factor UVᵀ, or the top pair as the matrix u vᵀ. */
  readonly finds: "polar" | "pair";
  /** `near` is the right singular vector of a matrix 5 % away: where a warm start begins. Consumes both. */
  readonly run: (x: np.Array, near: np.Array) => np.Array;
  /** Those of the matrix products; what happens to vectors and small factors is left out. */
  readonly flops: (shape: MatrixShape) => number;
}

const sides = ({ rows, columns }: MatrixShape): { short: number; long: number } => ({
  short: Math.min(rows, columns),
  long: Math.max(rows, columns),
});

/** Drops the warm start. */
const cold =
  (run: (x: np.Array) => np.Array): MatrixRoutine["run"] =>
  (x, near) => {
    near.dispose();
    return run(x);
  };

function iteration(name: string, options: Omit<NewtonSchulzOptions, "form">): MatrixRoutine {
  const { schedule } = resolveNewtonSchulz(options);
  const cubic = schedule.every(([, , c]) => c === 0);
  return {
    name: `Newton-Schulz ${name}`,
    finds: "polar",
    run: cold((x) => newtonSchulz(x, { ...options, form: "standard" })),
    flops: (shape) => {
      const { short, long } = sides(shape);
      const steps = schedule.length;
      return cubic ? steps * 4 * short * short * long : newtonSchulzFlops({ ...shape, steps });
    },
  };
}

function gramForm(name: string, options: GramNewtonSchulzOptions): MatrixRoutine {
  const { schedule } = resolveNewtonSchulz(options);
  const restarts = options.restarts ?? gramRestarts(schedule);
  return {
    name: `Gram Newton-Schulz ${name}`,
    finds: "polar",
    run: cold((x) => gramNewtonSchulz(x, options)),
    flops: (shape) => gramNewtonSchulzFlops({ ...shape, steps: schedule.length, restarts: restarts.length }),
  };
}

const named = (coefficients: CoefficientSetName, steps = coefficientSet(coefficients).steps): MatrixRoutine =>
  iteration(`${coefficients} ×${steps}`, { coefficients, steps });

/** u vᵀ of a triple. */
function pairOf({ sigma, u, v }: SingularTriple): np.Array {
  sigma.dispose();
  return np.expandDims(u, 1).mul(np.expandDims(v, 0));
}

const products =
  (count: number) =>
  ({ rows, columns }: MatrixShape): number =>
    4 * rows * columns * count;

const cans = cansSet({ lower: 1e-3 });

/** (XXᵀ)^(−1/2) X on the short side, by the coupled iteration. */
function coupledPolar(x: np.Array, steps: number): np.Array {
  const [rows = 1, columns = 1] = x.shape;
  const tall = rows > columns;
  const wide = tall ? np.matrixTranspose(x) : x;
  const gram = np.matmul(wide.ref, np.matrixTranspose(wide.ref));
  const { root, inverseRoot } = coupledNewtonSchulz(gram, { steps, ridge: 1e-7 });
  root.dispose();
  const found = np.matmul(inverseRoot, wide);
  return tall ? np.matrixTranspose(found) : found;
}

/** Every routine of `packages/steepest/src/matrix` that finds a polar factor or a top singular pair. */
export const matrixRoutines: readonly MatrixRoutine[] = [
  {
    name: "polar by eigenvectors of XXᵀ (SVD)",
    finds: "polar",
    run: cold((x) => polar(x)),
    flops: (shape) => {
      const { short, long } = sides(shape);
      return 6 * short * short * long + 9 * short ** 3;
    },
  },
  named("keller"),
  named("you5"),
  named("you6"),
  named("polarExpress"),
  named("polarExpress", 8),
  named("cans5"),
  iteration(`CANS on [1e-3, 1] ×${cans.steps}`, { coefficients: cans }),
  named("cubic5"),
  named("deepseekV4"),
  named("simple"),
  gramForm("keller ×5", { coefficients: "keller" }),
  gramForm("polarExpress ×5", { coefficients: "polarExpress" }),
  gramForm("polarExpress ×8", { coefficients: "polarExpress", steps: 8 }),
  {
    name: "coupled Newton-Schulz ×20",
    finds: "polar",
    run: cold((x) => coupledPolar(x, 20)),
    flops: (shape) => {
      const { short, long } = sides(shape);
      return 4 * short * short * long + 20 * 6 * short ** 3;
    },
  },
  {
    name: "Lakić ×9",
    finds: "polar",
    run: cold((x) => lakic(x)),
    flops: (shape) => {
      const { short, long } = sides(shape);
      return 4 * short * short * long + 9 * 6 * short ** 3;
    },
  },
  ...[2, 10].map(
    (steps): MatrixRoutine => ({
      name: `power iteration ×${steps}`,
      finds: "pair",
      run: cold((x) => {
        const start = startVector(x.shape[1] ?? 1, x.dtype);
        return pairOf(powerIteration(x, { steps, start }));
      }),
      flops: products(steps),
    }),
  ),
  {
    name: "power iteration ×2, warm",
    finds: "pair",
    run: (x, near) => pairOf(powerIteration(x, { steps: 2, start: near })),
    flops: products(2),
  },
  {
    name: "randomized SVD q=1 p=10 t=1",
    finds: "pair",
    run: cold((x) => {
      const { u, s, vt } = randomizedSvd(random.key(7), x, { rank: 1 });
      s.dispose();
      return np.matmul(u, vt);
    }),
    flops: products(11 * 2),
  },
  ...[5, 10].map(
    (steps): MatrixRoutine => ({
      name: `Lanczos ×${steps}`,
      finds: "pair",
      run: cold((x) => pairOf(lanczos(x, { steps }))),
      flops: ({ rows, columns }) =>
        products(steps)({ rows, columns }) + 8 * columns * steps ** 2 + 2 * rows * steps ** 2,
    }),
  ),
];
