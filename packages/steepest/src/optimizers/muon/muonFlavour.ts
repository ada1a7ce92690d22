import { defineMatrixOptimizer } from "../../define/defineMatrixOptimizer.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import {
  muonOptions,
  orthogonalizeBy,
  type StepDefaults,
  stepMethod,
} from "../../define/recipes/muonRecipe.ts";
import type { PolarDefaults } from "../../define/recipes/polarOptions.ts";

interface MuonFlavour<N extends string> {
  readonly name: N;
  readonly summary: string;
  readonly source: string;
  readonly when: string;
  readonly golden?: readonly string[];
  readonly defaults: StepDefaults & PolarDefaults;
  readonly auxiliary?: Parameters<typeof auxiliaryOptions>[0];
  readonly epsBeforeCorrection?: boolean;
}

/**
 * Muon as others ship it: the recipe of `muon` with their defaults. Codes that leave embeddings, head and
 * vectors to the user get AdamW for them here, at the method's own rate and decay.
 */
export const muonFlavour = <const N extends string>({
  name,
  summary,
  source,
  when,
  golden,
  defaults,
  auxiliary = { learningRate: "same", weightDecay: "same", eps: 1e-8 },
  epsBeforeCorrection,
}: MuonFlavour<N>) =>
  defineMatrixOptimizer({
    name,
    family: "norm-constrained",
    summary,
    formula: `${
      defaults.momentumForm === "ema" ? "M ← μM + (1−μ)G" : "M ← μM + G"
    };  O ≈ polar(M, or the look-ahead);  W ← (1−ηλ)W − η·scale·O`,
    source,
    state: "mn for hidden weights, 2mn for the rest",
    geometry: "spectral norm",
    computation: "O(m²n·T)",
    when,
    ...(golden && { golden }),
    options: { ...muonOptions(defaults), ...auxiliaryOptions(auxiliary) },
    recipe: (values, { schedule }) => [
      stepMethod(name, orthogonalizeBy(values), values, schedule),
      auxiliaryAdamW(values, schedule, { epsBeforeCorrection: epsBeforeCorrection ?? false }),
    ],
  });
