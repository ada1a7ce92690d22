import { jit, numpy as np } from "@jax-js/jax";
import {
  type Arrays,
  applyUpdates,
  disposeTree,
  namedLeaves,
  refTree,
  type StepContext,
  stepKey,
  type Transform,
  type Tree,
} from "steepest";

/** Every role once: two hidden weights, an embedding, a head, a gain and a bias. */
export const shapes = {
  "blocks.0.wide": [4, 6],
  "blocks.0.tall": [6, 4],
  embedding: [7, 4],
  head: [7, 4],
  "norm.gain": [4],
  bias: [6],
} as const;

export type Path = keyof typeof shapes;
export const paths = Object.keys(shapes) as Path[];

/** Deterministic values in (−1, 1), different for every seed. */
export function wave(size: number, seed: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, i) => Math.sin(1.7 * i + 3.1 * seed + 0.5) * Math.cos(0.37 * i * seed + 1),
  );
}

export function array(values: Float32Array, shape: readonly number[]): np.Array {
  return np.array(values).reshape([...shape]);
}

/** A nested tree of the shapes above, filled by `fill(path, size)`. */
export function makeTree(fill: (path: Path, size: number) => Float32Array): Tree {
  const leaf = (path: Path): np.Array => {
    const shape = shapes[path];
    return array(
      fill(
        path,
        shape.reduce((a: number, b: number) => a * b, 1),
      ),
      shape,
    );
  };
  return {
    blocks: [{ wide: leaf("blocks.0.wide"), tall: leaf("blocks.0.tall") }],
    embedding: leaf("embedding"),
    head: leaf("head"),
    norm: { gain: leaf("norm.gain") },
    bias: leaf("bias"),
  };
}

export const weights = (): Tree => makeTree((path, size) => wave(size, paths.indexOf(path) + 1));
export const gradients = (step: number): Tree =>
  makeTree((path, size) => wave(size, 10 + 7 * step + paths.indexOf(path)));
export const zeros = (): Tree => makeTree((_, size) => new Float32Array(size));

export interface RunOptions {
  readonly steps?: number;
  readonly start?: () => Tree;
  readonly gradient?: (step: number) => Tree;
  /** What does one update. Default: the transform's own, compiled where it is used more than twice, which is then faster. */
  readonly update?: Transform["update"];
}

/** A transform's update as users run it, compiled once for every step key. Consumes a scale of the rate in its context. */
export interface CompiledUpdate {
  readonly update: Transform["update"];
  /** How often the update was traced, and how many keys there were: the same, where each is traced once. */
  readonly traces: () => number;
  readonly keys: () => number;
  readonly dispose: () => void;
}

export function compiledUpdate(transform: Transform): CompiledUpdate {
  let traces = 0;
  const steps = new Map<string, ReturnType<typeof jit>>();
  return {
    update: (g, s, p, { learningRateScale, ...context } = { phase: 0 }) => {
      const known: StepContext = { ...context };
      const key = stepKey(transform, known);
      const step =
        steps.get(key) ??
        jit((gradient: Tree, state: Tree, params: Tree, scale: { learningRateScale?: np.Array }) => {
          traces += 1;
          const moved = transform.update(gradient, state, params, { ...known, ...scale });
          scale.learningRateScale?.dispose();
          return moved;
        });
      steps.set(key, step);
      const [updates, next] = step(g, s, p, learningRateScale ? { learningRateScale } : {}) as [Tree, Tree];
      return [updates, next];
    },
    traces: () => traces,
    keys: () => steps.size,
    dispose: () => {
      for (const step of steps.values()) step.dispose();
    },
  };
}

/** The transform's own update, operation by operation. */
export const eagerUpdate = (transform: Transform): Transform["update"] => transform.update.bind(transform);

/** The weights after some steps, as numbers by path order. */
export function run(transform: Transform, options: RunOptions = {}): number[] {
  const { steps = 4, start = weights, gradient = gradients } = options;
  const compiled = options.update === undefined && steps > 2 ? compiledUpdate(transform) : undefined;
  const update = options.update ?? compiled?.update ?? eagerUpdate(transform);
  let params = start();
  let state: Tree = transform.init(refTree(params));
  for (let step = 0; step < steps; step++) {
    const [updates, next] = update(gradient(step), state, refTree(params), {
      phase: step % (transform.period ?? 1),
    });
    state = settled(next);
    params = settled(applyUpdates(params, updates));
  }
  disposeTree(state);
  compiled?.dispose();
  return flatten(params);
}

/**
 * The same tree, computed. An array of jax-js that waits drags along all that it waits for, and each operation copies that
 * list: steps that nobody reads cost the square of their number.
 */
export function settled<T extends Tree>(tree: T): T {
  for (const [, leaf] of namedLeaves(tree)) leaf.ref.dataSync();
  return tree;
}

/** All numbers of a tree. Consumes it. */
export function flatten(tree: Tree): number[] {
  const numbers: number[] = [];
  const visit = (node: Tree): void => {
    if (typeof (node as np.Array).dataSync === "function") numbers.push(...(node as np.Array).dataSync());
    else for (const child of Object.values(node as Record<string, Tree>)) visit(child);
  };
  visit(tree);
  return numbers;
}

/** One matrix as a flat tree. */
export const matrixTree = (values: Float32Array, shape: readonly number[]): Arrays => ({
  w: array(values, shape),
});

/** The largest |a − b| of two lists of the same length. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest, x, i) => {
    const d = Math.abs(x - (b[i] ?? Number.NaN));
    return d <= largest ? largest : Number.isNaN(d) ? Number.POSITIVE_INFINITY : d;
  }, 0);
}
