import type { BiasOptions } from "./biasRms.ts";
import { normEntry } from "./entry.ts";
import { max } from "./max.ts";
import type { Norm } from "./norm.ts";

/**
 * The largest entry of a bias or gain: `max`, but starting at zero unless `zeroInit: false`. Any shape.
 *
 *   value(b) = max |bᵢ|       dual(g) = Σ|gᵢ|       lmo(g) = −sign(g)
 *
 * Source: Pethick et al. 2025, arXiv:2502.07529, table 6.
 */
export function biasSign({ zeroInit = true, scale = 1 }: BiasOptions = {}): Norm {
  return { ...max({ zeroInit, scale }), name: "bias_sign" };
}

export const biasSignEntry = normEntry({
  name: "bias_sign",
  options: ["zeroInit"],
  row: {
    value: "max abs(bᵢ)",
    dual: "Σ abs(gᵢ)",
    lmo: "−sign(g)",
    sharp: "(Σ abs(gᵢ))·sign(g)",
    init: "zero",
    cost: "1 pass",
  },
  create: biasSign,
});
