import type { numpy as np } from "@jax-js/jax";
import type { Parameter, Role, Tree } from "steepest";
import { initializeParameters } from "./initializeParameters.ts";
import type { InitOptions } from "./model.ts";
import type { StartingRows } from "./startingRows.ts";

/** What a model says of its parameters, out of one description of its tree. */
export interface ParameterSet<P extends Tree> {
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  roles(): Record<string, Role>;
  init(key: np.Array, options?: InitOptions): P;
}

/**
 * `build` makes the tree, calling `leaf` for every parameter in tree order; it is called once to list them
 * and once for every `init`. `byModel` starts what the optimizer leaves to the model, and owns the key.
 */
export function parameterSet<P extends Tree>(
  build: <T>(leaf: (parameter: Parameter) => T) => unknown,
  byModel: (key: np.Array, parameter: Parameter) => np.Array | StartingRows,
): ParameterSet<P> {
  const parameters: Parameter[] = [];
  build((parameter) => parameters.push(parameter));
  return {
    parameters,
    parameterCount: parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    roles: () => Object.fromEntries(parameters.map(({ path, role }) => [path, role])),
    init(key, options) {
      const values = initializeParameters(key, parameters, byModel, options);
      return build(({ path }) => {
        const value = values.get(path);
        if (value === undefined) throw new Error(`internal: no starting value for "${path}"`);
        return value;
      }) as P; // the tree of arrays is what P says, and `build` is generic in its leaves
    },
  };
}
