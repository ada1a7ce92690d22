import { chain } from "../../core/chain.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { flag, nonNegative, OptionError } from "../../define/options.ts";
import { methodPerRule, normRules } from "../../define/recipes/normChoice.ts";
import { oracleStep } from "../../steps/oracleStep.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { scion } from "./scion.ts";

const { momentumStart: _, ...options } = scion.definition.options; // a sum knows only its start at zero

/**
 * ScionLight, for every parameter in the norm of its role: Scion whose average is a decaying sum.
 *
 *   S ← μS + G;   W ← (1−γ)W + γρ·lmo(S), or (1−γλ)W + γρ·lmo(S) with `unconstrained`
 *
 * A framework can keep S in the gradient's own buffer; here gradients are values, and S is state, mn.
 * Source: Pethick et al. 2025, arXiv:2502.07529 (ScionLight). The same iterates as `scion`, since an oracle
 * ignores scale, but for the eps of the column, row and RMS norms.
 *
 * @example scionLight({ learningRate: 0.01 })
 */
export const scionLight = defineMatrixOptimizer({
  name: "scion_light",
  family: "norm-constrained",
  summary: "Scion with its average kept as a decaying sum, which can take the place of the gradient.",
  formula: "S ← μS + G;  W ← (1−γ)W + γρ·lmo(S), or (1−γλ)W + γρ·lmo(S) unconstrained",
  source: "Pethick et al. 2025, arXiv:2502.07529 (ScionLight)",
  state: "mn, in place of the gradient",
  geometry: "by role: spectral, columns, sign",
  computation: "O(m²n·T)",
  when: "Scion in loops that let gradients accumulate in place of an average.",
  golden: ["scion_light", "scion_light_unconstrained"],
  options: {
    ...options,
    unconstrained: flag(false, "do not shrink the weights by γ"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled; for unconstrained: otherwise it is 1"),
  },
  recipe(values, { schedule }) {
    const { unconstrained, weightDecay } = values;
    if (weightDecay !== 0 && !unconstrained)
      throw new OptionError(
        "scion_light: weightDecay needs unconstrained: true; constrained, weights shrink by the learning rate itself",
      );
    return methodPerRule(normRules(values), (norm, radius) =>
      chain(
        trace(values.momentum),
        oracleStep(norm, radius),
        addDecayedWeights(unconstrained ? weightDecay : 1),
        scaleByLearningRate(values.learningRate, schedule),
      ),
    );
  },
});
