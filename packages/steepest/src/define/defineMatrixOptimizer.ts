import type { OptimizerDefinition } from "./definition.ts";
import { inBlocks } from "./inBlocks.ts";
import { defineOptimizer, type NamedOptimizer } from "./namedOptimizer.ts";
import type { OptionSpecs } from "./options.ts";
import { type BlocksOption, withBlocks } from "./withBlocks.ts";

/**
 * `defineOptimizer` with the option `blocks`: hidden weights and convolutions are cut into blocks of rows
 * before any of its methods sees them and joined after, so that every stage, and a norm over all layers too,
 * takes each block for a weight.
 */
export function defineMatrixOptimizer<const S extends OptionSpecs, const N extends string>(
  definition: OptimizerDefinition<S, N>,
): NamedOptimizer<S & BlocksOption, N> {
  return defineOptimizer(withBlocks(definition, () => inBlocks));
}
