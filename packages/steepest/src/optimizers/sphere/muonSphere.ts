import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { spectralSphereMethods } from "./spectralSphereMethods.ts";
import { spectralSphereOptions } from "./spectralSphereOptions.ts";

/**
 * MuonSphere, for hidden weights and convolutions, seen as [dOut, rest]: SSO without its tangent step, Muon
 * with weights brought back to a spectral norm.
 *
 *   σ ← top singular value of W;   W ← W·R/σ − ηR·msign(M̂)
 *   R = √(dOut/dIn), M̂ the averaged gradient or its look-ahead
 *
 * The norm is right to first order in η only. AdamW for the rest. State mn. Source: Xie et al. 2026,
 * arXiv:2601.08393. Weights start semi-orthogonal at R (`initialize`).
 *
 * @example muonSphere({ learningRate: 0.02 })
 */
export const muonSphere = defineMatrixOptimizer({
  name: "muon_sphere",
  family: "manifold",
  summary:
    "SSO without its tangent step: Muon with weights rescaled to a spectral norm, the norm right to first order only.",
  formula: "σ ← top singular value of W;  W ← W·R/σ − ηR·msign(M̂),  R = √(m/n)",
  source: "Xie et al. 2026, arXiv:2601.08393",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "spectral sphere, spectral step",
  computation: "O(m²n·T)",
  when: "SSO at Muon's price: one polar factor a step, and a norm that drifts by η between retractions.",
  options: spectralSphereOptions,
  recipe: (values, { schedule }) => spectralSphereMethods("muon_sphere", 0, values, schedule),
});
