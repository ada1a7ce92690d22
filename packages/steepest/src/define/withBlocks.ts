import { blockCount, type RowBlocks, readRowBlocks } from "../core/parameters/rowCuts.ts";
import type { Extras, OptimizerDefinition, Recipe } from "./definition.ts";
import type { Grouped } from "./grouped.ts";
import { type Option, type OptionSpecs, type ValuesOf, value } from "./options.ts";

const specs: { readonly blocks: Option<RowBlocks> } = {
  blocks: value<RowBlocks>(
    1,
    "whole, ≥ 1, or a list of heights",
    "row blocks of hidden weights that count as weights of their own, equal or of the heights or shares listed: " +
      "3 for a fused QKV, [12, 4, 4] for grouped queries, 3·heads per head (use groups)",
    readRowBlocks,
  ),
};

export type BlocksOption = typeof specs;

/**
 * The definition with the option `blocks`: hidden weights and convolutions are cut into blocks of rows before any of its
 * methods sees them and joined after, so that every stage, and a norm over all layers too, takes each block for a weight.
 * `cut` is asked for where there is something to cut.
 */
export function withBlocks<const S extends OptionSpecs, const N extends string>(
  definition: OptimizerDefinition<S, N>,
  cut: (extras: Extras | undefined) => Extras["inBlocks"],
): OptimizerDefinition<S & BlocksOption, N> {
  return {
    ...definition,
    options: { ...definition.options, ...specs },
    recipe(values, context) {
      type Own = ValuesOf<S> & ValuesOf<BlocksOption>;
      const own = values as Own;
      const grouped = context.grouped as Grouped<Own>;
      const isCut = grouped.all.some(({ blocks }) => blockCount(blocks) > 1);
      const inBlocks = isCut ? cut(context.extras) : undefined;
      const recipe: Recipe<Own> = inBlocks?.<Own>(definition.recipe) ?? definition.recipe;
      return recipe(own, { ...context, grouped });
    },
  };
}
