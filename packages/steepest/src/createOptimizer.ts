import { catalog, type OptimizerName } from "./catalog.ts";
import { didYouMean } from "./core/nearestName.ts";
import type { OptimizerDefinition } from "./define/definition.ts";
import { extras } from "./define/extras.ts";
import { buildOptimizer, type Optimizer } from "./define/optimizer.ts";
import { OptionError } from "./define/options.ts";

/** The options of an optimizer by its name. */
export type OptimizerOptions<N extends OptimizerName> = NonNullable<Parameters<(typeof catalog)[N]>[0]>;

/** The names `createOptimizer` knows, in the order of the catalogue. */
export function optimizerNames(): OptimizerName[] {
  return Object.keys(catalog) as OptimizerName[];
}

export function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(catalog, name);
}

/** All that is said of an optimizer. Throws `OptionError` with the nearest name for an unknown one. */
export function describeOptimizer(name: string): OptimizerDefinition {
  if (!isOptimizerName(name)) {
    const names = optimizerNames();
    throw new OptionError(
      `there is no optimizer "${name}"${didYouMean(name, names)}; optimizerNames(), or on the command line ` +
        `steepest optimizers, lists all ${names.length}`,
    );
  }
  return catalog[name].definition;
}

/**
 * An optimizer by a name that comes from a config or a command line; in code, `muon(options)` does the same and leaves
 * the others out of a bundle.
 *
 * ```ts
 * const optimizer = createOptimizer("muon", { learningRate: 0.02, schedule: cosine({ steps: 1000 }) });
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
  return buildOptimizer(describeOptimizer(name), { extras, ...options });
}
