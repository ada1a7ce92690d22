import type { Transform } from "../../core/transform.ts";
import { askedExtras } from "../../define/askedExtras.ts";
import type { Extras } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { muonOptions, stepMethodWith } from "../../define/recipes/muonRecipe.ts";
import type { PolarValues } from "../../define/recipes/polarOptions.ts";
import { withBlocks } from "../../define/withBlocks.ts";
import { kellerNewtonSchulz, MOST_KELLER_STEPS } from "../../matrix/newtonSchulz.ts";
import { mapMatrices } from "../../transforms/mapMatrices.ts";

/**
 * Muon, for hidden weights and convolutions, seen as [dOut, rest]: momentum made semi-orthogonal by
 * Newton-Schulz.
 *
 *   M ← μM + (1−μ)G;   U = (1−μ)G + μM with nesterov, else M;   O = NewtonSchulz(U) ≈ polar(U)
 *   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O
 *
 * AdamW for the rest. State mn. Source: Jordan et al. 2024, kellerjordan.github.io/posts/muon, whose
 * defaults these are; `muonTorch`, `muonMoonlight` and others have those of other codes. Ours: ‖U‖_F gets no
 * eps (the codes add 1e-7, option `normalization`), so that the step does not depend on the scale of
 * gradients, and the shape factor of a convolution is that of [dOut, rest] (Jordan's code takes its last two
 * sides).
 *
 * What the defaults do not need is left out of `import { muon }`, and asked for by an `OptionError`: other `coefficients`,
 * `polar` and `normalization`, more than 8 `steps`, `momentumForm: "sum"`, `biasCorrection`, `weightDecayMode: "cautious"`,
 * `blocks`. `muon({ …, extras })` takes all of them, as `createOptimizer("muon", …)` does.
 *
 * @example muon({ learningRate: 0.02, auxiliaryLearningRate: 3e-4 })
 */
export const muon = defineOptimizer(
  withBlocks(
    {
      name: "muon",
      family: "norm-constrained",
      summary:
        "Momentum made semi-orthogonal: the step of the spectral norm for hidden matrices, AdamW for the rest.",
      formula:
        "M ← μM + (1−μ)G;  U = (1−μ)G + μM (nesterov) or M;  O = NewtonSchulz(U) ≈ polar(U);  W ← (1−ηλ)W − η·scale·O",
      source: "Jordan et al. 2024, kellerjordan.github.io/posts/muon",
      state: "mn for hidden weights, 2mn for the rest",
      geometry: "spectral norm",
      computation: "O(m²n·T)",
      when: "Hidden weights of transformers and convolutional networks: the first method to try after AdamW, at half its state. It has two learning rates.",
      golden: [
        "muon_keller",
        "muon_keller_no_nesterov",
        "muon_keller_conv",
        "muon_polar_express",
        "muon_l2_decay",
      ],
      options: {
        ...muonOptions({
          learningRate: 0.02,
          nesterov: true,
          momentumForm: "ema",
          weightDecay: 0,
          scale: "shape",
        }),
        ...auxiliaryOptions({ learningRate: 3e-4, weightDecay: "same", eps: 1e-10 }),
      },
      recipe(values, { schedule, extras }) {
        const asked = askedExtras("muon", extras);
        return [
          stepMethodWith(asked, "muon", direction(values, asked), values, schedule),
          auxiliaryAdamW(values, schedule, { epsBeforeCorrection: values.momentumForm === "sum" }),
        ];
      },
    },
    (extras) => askedExtras("muon", extras).inBlocks,
  ),
);

/** The polar factor, by default without the code for other ways to it and other coefficients. */
function direction(values: PolarValues, extras: Extras): Transform {
  const { polar, coefficients, steps, normalization } = values;
  const asJordan =
    polar === "newtonSchulz" &&
    coefficients === "keller" &&
    normalization === "invariant" &&
    steps <= MOST_KELLER_STEPS;
  return asJordan
    ? mapMatrices("orthogonalize", (x) => kellerNewtonSchulz(x, steps))
    : extras.orthogonalizeBy(values);
}
