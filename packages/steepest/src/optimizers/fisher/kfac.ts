import { chain } from "../../core/chain.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, integer, nonNegative, pastWeight, positive, rate, value } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { identity } from "../../transforms/identity.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { scaleByKfac } from "./scaleByKfac.ts";

/**
 * K-FAC, for hidden weights: natural gradient with a Kronecker-factored Fisher matrix. AdamW for the rest.
 *
 *   A ← ρA + (1−ρ)E[aaᵀ];   B ← ρB + (1−ρ)E[δδᵀ];   D = Mat((A⊗B + γI)⁻¹ vec(G))
 *   D ← D·min(1, √(κ/|Σ η²⟨D, G⟩|));   M ← μM + D;   W ← (1−ηλ)W − ηM
 *
 * a are a layer's inputs, δ the gradients at its outputs, `context.layers`. State 2m² + 2n² + m + n for
 * hidden weights, mn more with momentum. Source: Martens & Grosse 2015, arXiv:1503.05671. Biases that
 * `biases` names go with their weights, as in common codes; the others to AdamW.
 *
 * @example kfac({ learningRate: 0.1, damping: 1e-3 })
 */
export const kfac = defineOptimizer({
  name: "kfac",
  family: "fisher",
  summary:
    "Natural gradient with a Kronecker-factored Fisher matrix; needs every layer's inputs and output " +
    "gradients.",
  formula:
    "A ← ρA + (1−ρ)E[aaᵀ];  B ← ρB + (1−ρ)E[δδᵀ];  D = Mat((A⊗B + γI)⁻¹vec(G));  " +
    "D ← D·min(1, √(κ/|Σ η²⟨D, G⟩|));  M ← μM + D;  W ← (1−ηλ)W − ηM",
  source: "Martens & Grosse 2015, arXiv:1503.05671",
  state:
    "2m² + 2n² + m + n (factors, eigenvectors, eigenvalues; n one more with a bias) + mn with momentum " +
    "for hidden weights, 2mn for the rest",
  geometry: "A ⊗ B, inverse",
  computation: "O((m³ + n³)/K + m²n + mn²)",
  when:
    "Where the layers' inputs and output gradients are available: curvature is estimated from them " +
    "instead of from gradients, and enters as an inverse instead of an inverse root.",
  needs: "layers",
  options: {
    learningRate: rate(0.1, "learning rate η"),
    damping: positive(1e-3, "damping γ of the factors"),
    dampingForm: choice(
      "exact",
      ["exact", "factored"],
      "γ added to A ⊗ B, or shared out: A + π√γ I and B + √γ/π I",
    ),
    biases: value<Readonly<Record<string, string>>>(
      {},
      "paths of biases by the paths of their weights",
      "taken as a last column of the weight, with an input of 1",
      checkPaths,
    ),
    factorDecay: pastWeight(0.95, "ρ: weight of the past in A and B"),
    klClip: value<number | "none">(1e-3, "> 0, or none", "κ: bound of the step's quadratic form", (given) =>
      given === "none" || (typeof given === "number" && given > 0) ? given : undefined,
    ),
    factorEvery: integer(1, 1, "steps between two updates of A and B"),
    inverseEvery: integer(10, 1, "steps between two eigendecompositions"),
    start: choice("identity", ["identity", "zero"], "A and B start at I, or at 0 with bias correction"),
    gradientScale: choice(
      "examples",
      ["examples", "mean"],
      "output gradients of a mean loss times the number of rows, or as they are",
    ),
    momentum: pastWeight(0.9, "momentum μ of M ← μM + D; 0 keeps none"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...auxiliaryOptions({ learningRate: 1e-3, weightDecay: "same", eps: 1e-8 }),
  },
  recipe(options, { schedule }) {
    const { klClip, momentum, weightDecay, learningRate } = options;
    const withWeight = new Set(Object.values(options.biases));
    const transform = chain(
      scaleByKfac({ ...options, klClip: klClip === "none" ? Number.POSITIVE_INFINITY : klClip, schedule }),
      momentum === 0 ? identity() : trace(momentum),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    return [
      { name: "kfac", takes: ({ role, path }) => role === "hidden" || withWeight.has(path), transform },
      auxiliaryAdamW(options, schedule),
    ];
  },
});

function checkPaths(given: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const pairs = Object.entries(given);
  return pairs.every((pair): pair is [string, string] => typeof pair[1] === "string")
    ? Object.fromEntries(pairs)
    : undefined;
}
