import { didYouMean } from "../core/nearestName.ts";
import type { OptimizerDefinition } from "../define/definition.ts";
import { buildOptimizer, type CommonOptions, type Optimizer } from "../define/optimizer.ts";
import { OptionError, type OptionSpecs, type ValuesOf } from "../define/options.ts";
import { catalog, type OptimizerName } from "./catalog.ts";

/** The options of an optimizer by its name. */
export type OptimizerOptions<N extends OptimizerName> =
  (typeof catalog)[N] extends OptimizerDefinition<infer S> ? Partial<ValuesOf<S>> & CommonOptions<S> : never;

/** The names `createOptimizer` knows, in the order of the catalogue. */
export function optimizerNames(): OptimizerName[] {
  return Object.keys(catalog) as OptimizerName[];
}

export function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(catalog, name);
}

/** An optimizer's page of the catalogue. Throws `OptionError` with the nearest name for an unknown one. */
export function describeOptimizer(name: string): OptimizerDefinition<OptionSpecs> {
  if (!isOptimizerName(name)) {
    const names = optimizerNames();
    throw new OptionError(
      `there is no optimizer "${name}"${didYouMean(name, names)}; optimizerNames(), or on the command line ` +
        `steepest optimizers, lists all ${names.length}`,
    );
  }
  return catalog[name];
}

/**
 * An optimizer by name, ready to `init` and `update`:
 *
 * ```ts
 * const optimizer = createOptimizer("muon", { learningRate: 0.02, schedule: cosine({ steps: 1000 }) });
 * let state = optimizer.init(refTree(params));
 * let updates: Tree;
 * [updates, state] = optimizer.update(gradients, state, refTree(params));
 * params = applyUpdates(params, updates);
 * ```
 *
 * Throws `OptionError` for an unknown name, an unknown option or a value out of range.
 */
export function createOptimizer<N extends OptimizerName>(name: N, options?: OptimizerOptions<N>): Optimizer;
/** By a name that is only known when the program runs: everything is checked then. */
export function createOptimizer<S extends string>(
  name: string extends S ? S : never,
  options?: Readonly<Record<string, unknown>>,
): Optimizer;
export function createOptimizer(name: string, options: Readonly<Record<string, unknown>> = {}): Optimizer {
  return buildOptimizer(describeOptimizer(name), options);
}
