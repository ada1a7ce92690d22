import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { coefficientOption } from "../../define/coefficientOption.ts";
import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { choice, flag, integer, pastWeight, positive, rate, type ValuesOf } from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { semiOrthogonal } from "../../matrix/semiOrthogonal.ts";
import { ema } from "../../transforms/ema.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { shapeScales } from "../../transforms/scaleByShape.ts";
import { spectralSphereStep, toSpectralSphere } from "../../transforms/weights/spectralSphere.ts";

const sphereOptions = {
  learningRate: rate(0.02, "η: the step relative to R"),
  momentum: pastWeight(0.9, "μ of M ← μM + (1−μ)G"),
  nesterov: flag(true, "look ahead"),
  radius: choice("rms", ["rms", "shape", "moonlight"], "R: √(m/n), √max(1, m/n) or 0.2√max(m, n)"),
  radiusScale: positive(1, "a further factor on R"),
  powerSteps: integer(5, 1, "iterations for the top singular pair of W"),
  coefficients: coefficientOption("polarExpressNvidia"),
  steps: integer(8, 1, "Newton-Schulz iterations of msign"),
  ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: 0, eps: 1e-8 }),
};

type Values = ValuesOf<typeof sphereOptions>;

/** Weights start on the sphere: semi-orthogonal, R times. Decay of W would be undone by the retraction, so there is none. */
function sphereMethods(
  name: string,
  solverSteps: number,
  values: Values,
  schedule: Schedule | undefined,
): readonly Method[] {
  const { learningRate, momentum, nesterov, radius, radiusScale, powerSteps, coefficients, steps } = values;
  const ball = (rows: number, cols: number): number => radiusScale * shapeScales[radius](rows, cols);
  const polar = { coefficients, steps, normalization: "torch" } as const;
  const transform = chain(
    ema(momentum, { nesterov }),
    spectralSphereStep({ radius: ball, powerSteps, polar, solverSteps }),
    scaleByLearningRate(learningRate, schedule),
    toSpectralSphere({ radius: ball, powerSteps }),
  );
  return [
    {
      name,
      takes: hiddenWeights,
      transform,
      scale: ({ shape }) => ball(...matrixSides(shape)),
      initialize: (key, { shape }) => {
        const sides = matrixSides(shape);
        return semiOrthogonal(key, sides)
          .mul(ball(...sides))
          .reshape([...shape]);
      },
    },
    auxiliaryAdamW(values, schedule),
  ];
}

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
  options: { ...sphereOptions, solverSteps: integer(6, 1, "steps of false position for λ, an msign each") },
  recipe: (values, { schedule }) => sphereMethods("sso", values.solverSteps, values, schedule),
});

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
  options: sphereOptions,
  recipe: (values, { schedule }) => sphereMethods("muon_sphere", 0, values, schedule),
});
