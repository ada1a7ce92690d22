import { defaultDevice, init, jit, numpy as np, random, vmap } from "@jax-js/jax";
import { type LeastSquares, leastSquares } from "@steepest/models";
import { applyUpdates, disposeTree, refTree, type Transform, type Tree } from "steepest";
import type { Norm } from "steepest/norms";

/** The same problem with several seeds, side by side in one computation: randomized least squares in float64. */
export interface ProblemStack {
  readonly problems: readonly LeastSquares[];
  /** A, B and S, each [seeds, n, n]. */
  readonly matrices: StackMatrices;
  /** F at the start, which is 0, seed by seed: the minimum is 0. */
  readonly gaps: readonly number[];
}

/** A type alias, so that it is a tree. */
export type StackMatrices = { left: np.Array; right: np.Array; target: np.Array };

/** Readies jax-js and makes the problems, n × n. */
export async function problemStack(size: number, seeds: readonly number[]): Promise<ProblemStack> {
  await init("wasm");
  defaultDevice("wasm");
  const problems = seeds.map((problemSeed) => leastSquares({ rows: size, columns: size, problemSeed }));
  const stacked = (part: "left" | "right" | "target"): np.Array => {
    const all = problems.flatMap(({ matrices }) => [...matrices[part].data]);
    return np.array(Float64Array.from(all), { shape: [seeds.length, size, size] });
  };
  const matrices = { left: stacked("left"), right: stacked("right"), target: stacked("target") };
  const start = np.zeros([seeds.length, size, size], { dtype: np.float64 });
  const gaps = [...values(start, refTree(matrices)).dataSync()];
  return { problems, matrices, gaps };
}

/** The same problem with one seed alone, matrices [n, n]: for methods that look at a whole tree, or at rows and columns. */
export async function singleProblem(size: number, seed: number): Promise<ProblemStack> {
  const { problems, matrices, gaps } = await problemStack(size, [seed]);
  const { left, right, target } = matrices;
  return {
    problems,
    gaps,
    matrices: { left: left.slice(0), right: right.slice(0), target: target.slice(0) },
  };
}

/** ∇F, [seeds, n, n]. Consumes both. */
export const gradients = (x: np.Array, { left, right, target }: StackMatrices): np.Array =>
  np.matmul(np.matmul(left, x.sub(target)), right);

/** F, [seeds]. Consumes both. */
function values(x: np.Array, matrices: StackMatrices): np.Array {
  const { ndim } = x;
  const difference = x.ref.sub(matrices.target.ref);
  return np.sum(difference.mul(gradients(x, matrices)), [ndim - 2, ndim - 1]).mul(0.5);
}

/** A norm of matrices for each matrix of a stack by itself. Its value and dual are [seeds]. */
export function stackedNorm(norm: Norm): Norm {
  const each =
    (fn: (x: np.Array) => np.Array) =>
    (x: np.Array): np.Array =>
      vmap(fn)(x);
  return {
    name: norm.name,
    value: each(norm.value),
    dual: each(norm.dual),
    lmo: each(norm.lmo),
    sharp: each(norm.sharp),
    init: norm.init,
  };
}

/**
 * Unbiased noise of the same variance. `gaussian`: every entry by itself. `skewed`: along the identity, small
 * and negative nine times of ten, large and positive the tenth, so that its median is not its mean: a step
 * that sees directions only is misled by it.
 */
export const noiseNames = ["gaussian", "skewed"] as const;
export type NoiseName = (typeof noiseNames)[number];
const RARE = 0.1;

export interface StackRun {
  readonly stack: ProblemStack;
  /** A method that treats every number of a stack alike but for `stackedNorm`. */
  readonly method: Transform;
  readonly steps: number;
  /** The norm whose dual measures the exact gradient. */
  readonly norm: Norm;
  /** σ: E‖ξ‖_F² = σ² of the noise of every gradient. Default 0. */
  readonly sigma?: number;
  /** Default gaussian. */
  readonly noise?: NoiseName;
  readonly noiseSeed?: number;
  /** Where it begins, consumed. Default 0. */
  readonly start?: np.Array;
  /** A number more of each point, from x and its exact gradient; consumes both, is traced. */
  readonly look?: (x: np.Array, gradient: np.Array) => np.Array;
}

/** What the exact gradient and F were at a point of a run, seed by seed. */
export interface StackPoint {
  readonly step: number;
  readonly duals: readonly number[];
  readonly values: readonly number[];
  /** What `look` saw; empty without it. */
  readonly seen: readonly number[];
}

/** Steps of noise that are drawn at once. */
const CHUNK = 64;

/** Runs from 0; `see` gets each of the points x_1 … x_n before its step. Borrows the stack. */
export function runStack(run: StackRun, see: (point: StackPoint) => void): void {
  const { stack, method, steps, norm, sigma = 0, noise: kind = "gaussian", noiseSeed = 0 } = run;
  const shape = stack.matrices.target.shape;
  const [rows = 1, columns = 1] = shape.slice(-2);
  const dual = shape.length > 2 ? stackedNorm(norm).dual : norm.dual;
  const { look = (x: np.Array, gradient: np.Array) => np.sum(x.add(gradient)).mul(0) } = run;
  const advance = jit((params: Tree, state: Tree, noise: np.Array, matrices: StackMatrices) => {
    const { x } = params as { x: np.Array };
    const gradient = gradients(x.ref, refTree(matrices));
    const point = [dual(gradient.ref), values(x.ref, matrices), look(x.ref, gradient.ref)];
    const [updates, next] = method.update({ x: gradient.add(noise) }, state, { x: x.ref });
    return [applyUpdates({ x }, updates), next, point];
  });
  let params: Tree = { x: run.start ?? np.zeros(shape, { dtype: np.float64 }) };
  let state: Tree = method.init(refTree(params));
  const none = np.zeros(shape, { dtype: np.float64 });
  let drawn: Float64Array | undefined;
  const size = shape.reduce((product, length) => product * length, 1);
  for (let k = 0; k < steps; k++) {
    if (sigma > 0 && k % CHUNK === 0)
      drawn = drawNoise(
        kind,
        sigma,
        [CHUNK * (size / (rows * columns)), rows, columns],
        noiseSeed * 1_000_003 + k,
      );
    const noise =
      drawn === undefined
        ? none.ref
        : np.array(drawn.slice((k % CHUNK) * size, ((k % CHUNK) + 1) * size), { shape });
    const [moved, next, [duals, fs, seen]] = advance(params, state, noise, refTree(stack.matrices)) as [
      Tree,
      Tree,
      [np.Array, np.Array, np.Array],
    ];
    [params, state] = [moved, next];
    see({
      step: k + 1,
      duals: [...duals.dataSync()],
      values: [...fs.dataSync()],
      seen: [...seen.dataSync()],
    });
  }
  disposeTree(params);
  disposeTree(state);
  none.dispose();
  advance.dispose();
}

function drawNoise(
  kind: NoiseName,
  sigma: number,
  [count, rows, columns]: Matrices3,
  seed: number,
): Float64Array {
  const key = random.key(seed);
  const size = rows * columns;
  if (kind === "gaussian") {
    const normals: ArrayLike<number> = random.normal(key, [count * size]).dataSync();
    return Float64Array.from(normals, (value) => (sigma * value) / Math.sqrt(size));
  }
  const coins: ArrayLike<number> = random.uniform(key, [count]).dataSync();
  const [often, seldom] = [-Math.sqrt(RARE / (1 - RARE)), Math.sqrt((1 - RARE) / RARE)];
  const along = sigma / Math.sqrt(Math.min(rows, columns)); // the identity has this Frobenius norm
  return Float64Array.from({ length: count * size }, (_, at) => {
    const place = at % size;
    if (Math.floor(place / columns) !== place % columns) return 0;
    return along * ((coins[Math.floor(at / size)] ?? 1) < RARE ? seldom : often);
  });
}

type Matrices3 = readonly [count: number, rows: number, columns: number];

/** Steps at which a point of a curve is kept, about 12 a decade. */
export function keptSteps(steps: number): ReadonlySet<number> {
  const all = Array.from({ length: Math.ceil(12 * Math.log10(steps)) + 1 }, (_, i) =>
    Math.round(10 ** (i / 12)),
  );
  return new Set([...all.filter((step) => step <= steps), steps]);
}
