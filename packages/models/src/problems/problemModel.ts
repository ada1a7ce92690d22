import { numpy as np } from "@jax-js/jax";
import type { Parameter, Tree } from "steepest";
import type { Model } from "../model/model.ts";
import { parameterSet } from "../model/parameterSet.ts";

/** A function to minimise, with nothing to feed it: the batch is empty. */
export interface ProblemModel<P extends Tree = Tree> extends Model<P, Record<string, never>> {
  readonly kind: "problem";
  /** The smallest value of the loss. */
  readonly minimum: number;
}

/** The only parameter of the problems here, a matrix. */
export type ProblemParams = { x: np.Array };

interface ProblemParts {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Rows and columns of x. */
  readonly shape: readonly [rows: number, columns: number];
  /** x at the beginning, row by row. */
  readonly start: ArrayLike<number>;
  readonly minimum: number;
  readonly flops: number;
  /** Consumes x; in the dtype of x. */
  value(x: np.Array): np.Array;
}

/**
 * A problem of one matrix `x` with role `hidden`, so that optimizers of matrices take it. It begins where the problem
 * says, whatever the optimizer would like: the start is part of what is compared.
 */
export function problemModel(parts: ProblemParts): ProblemModel<ProblemParams> {
  const { name, config, shape, start, minimum, flops, value } = parts;
  const set = parameterSet<ProblemParams>(
    (leaf) => ({ x: leaf({ path: "x", shape, role: "hidden" } satisfies Parameter) }),
    (key) => {
      key.dispose();
      return np.array(Float32Array.from(start), { shape: [...shape] });
    },
  );
  return {
    kind: "problem",
    name,
    config,
    minimum,
    ...set,
    init: (key, { initialize: _, ...options } = {}) => set.init(key, options),
    flopsPerToken: flops,
    loss: ({ x }) => value(x),
  };
}
