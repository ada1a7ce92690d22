import type { CommonOptions } from "./commonOptions.ts";
import type { OptimizerDefinition } from "./definition.ts";
import { buildOptimizer, type Optimizer } from "./optimizer.ts";
import type { OptionSpecs, ValuesOf } from "./options.ts";

/** The options of an optimizer: its own, and what every optimizer takes. */
export type OptionsOf<S extends OptionSpecs> = Partial<ValuesOf<S>> & CommonOptions<S>;

/**
 * An optimizer as a function of its options, `muon({ learningRate: 0.02 })`, with all that is said of it in
 * `definition`. Throws `OptionError` for an unknown option or a value out of range.
 */
export interface NamedOptimizer<S extends OptionSpecs = OptionSpecs, N extends string = string> {
  (options?: OptionsOf<S>): Optimizer;
  readonly definition: OptimizerDefinition<S, N>;
}

/** The function that builds a defined optimizer. */
export function defineOptimizer<const S extends OptionSpecs, const N extends string>(
  definition: OptimizerDefinition<S, N>,
): NamedOptimizer<S, N> {
  const build = (options: OptionsOf<S> = {}): Optimizer => buildOptimizer(definition, options);
  return Object.assign(build, { definition });
}
