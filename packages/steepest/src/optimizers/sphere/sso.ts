import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { integer } from "../../define/options.ts";
import { spectralSphereMethods } from "./spectralSphereMethods.ts";
import { spectralSphereOptions } from "./spectralSphereOptions.ts";

/**
 * SSO, for hidden weights and convolutions, seen as [dOut, rest]: weights on a sphere of the spectral norm,
 * and the steepest spectral step tangent to it.
 *
 *   σ, u, v ← top singular triple of W;   W ← W·R/σ;   find λ with ⟨uvᵀ, msign(M̂ + λuvᵀ)⟩ = 0
 *   W ← W − ηR·msign(M̂ + λuvᵀ),   R = √(dOut/dIn), M̂ the averaged gradient or its look-ahead
 *
 * AdamW for the rest. State mn; the authors' code keeps its last λ, too. Source: Xie et al. 2026,
 * arXiv:2601.08393. Weights start semi-orthogonal at R (`initialize`); there is no decay, which the
 * retraction would undo.
 *
 * @example sso({ learningRate: 0.02 })
 */
export const sso = defineMatrixOptimizer({
  name: "sso",
  family: "manifold",
  summary:
    "Weights on a sphere of the spectral norm, and the steepest spectral step tangent to it: µP by construction.",
  formula:
    "σ, u, v ← top singular triple of W;  W ← W·R/σ;  find λ: ⟨uvᵀ, msign(M̂ + λuvᵀ)⟩ = 0;  W ← W − ηR·msign(M̂ + λuvᵀ),  R = √(m/n)",
  source: "Xie et al. 2026, arXiv:2601.08393",
  state: "mn for hidden weights (the code keeps its last λ too), 2mn for the rest",
  geometry: "spectral sphere, tangent spectral step",
  computation: "O(m²n·T) for every λ tried",
  when: "Where activations must keep their scale over width: every hidden weight has spectral norm √(dOut/dIn). Several polar factors a step.",
  golden: ["sso"],
  options: {
    ...spectralSphereOptions,
    solverSteps: integer(6, 1, "steps of false position for λ, an msign each"),
  },
  recipe: (values, { schedule }) => spectralSphereMethods("sso", values.solverSteps, values, schedule),
});
