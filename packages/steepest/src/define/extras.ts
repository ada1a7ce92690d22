import { addCautiousDecay } from "../transforms/addCautiousDecay.ts";
import { emaCorrected } from "../transforms/emaCorrected.ts";
import { trace } from "../transforms/trace.ts";
import type { Extras } from "./definition.ts";
import { inBlocks } from "./inBlocks.ts";
import { orthogonalizeBy } from "./recipes/muonRecipe.ts";

/**
 * What rare values of options need, for optimizers whose import leaves it out so that a page does not pay for it:
 *
 * ```ts
 * import { extras, muon } from "steepest";
 * const optimizer = muon({ coefficients: "polarExpress", extras });
 * ```
 *
 * Without it such a value is an `OptionError` that says so; `createOptimizer` has it all.
 */
export const extras: Extras = { orthogonalizeBy, trace, emaCorrected, addCautiousDecay, inBlocks };
