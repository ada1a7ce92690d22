import { chain } from "../../core/chain.ts";
import { matrixSides } from "../../core/parameters/matrixSides.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { hiddenWeights, type Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import {
  choice,
  flag,
  nonNegative,
  OptionError,
  pastWeight,
  rate,
  type ValuesOf,
} from "../../define/options.ts";
import { auxiliaryAdamW, auxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { manifoldNormalized } from "../../transforms/manifoldNormalized.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { retractedTrace } from "./retractedTrace.ts";

const manoOptions = (nesterov: boolean) => ({
  learningRate: rate(1e-3, "η"),
  momentum: pastWeight(0.95, "μ of M ← μM + G"),
  nesterov: flag(nesterov, "project G + μM instead of M"),
  axis: choice(
    "alternate",
    ["alternate", "columns", "rows"],
    "which vectors are unit: columns, then rows, in turn",
  ),
  weightDecay: nonNegative(0.1, "λ, decoupled"),
  ...auxiliaryOptions({ learningRate: "same", weightDecay: "same", eps: 1e-8 }),
});

type ManoValues = ValuesOf<ReturnType<typeof manoOptions>>;

function manoMethods(
  name: string,
  point: "normalized" | "raw",
  options: ManoValues,
  schedule: Schedule | undefined,
  retracted = false,
): readonly Method[] {
  const { learningRate, momentum, nesterov, axis: vectors, weightDecay, eps } = options;
  const axis = vectors === "alternate" ? vectors : vectors === "columns" ? 0 : 1;
  const transform = chain(
    retracted ? retractedTrace(momentum, axis) : trace(momentum, { nesterov }),
    manifoldNormalized({ point, eps, axis, weightDecay }),
    scaleByLearningRate(learningRate, schedule),
  );
  const scale: Method["scale"] = ({ shape }) => {
    const [rows, cols] = matrixSides(shape);
    return 0.2 * Math.sqrt(axis === 1 ? cols : rows);
  };
  return [
    { name, takes: hiddenWeights, transform, scale },
    auxiliaryAdamW(options, schedule, { epsBeforeCorrection: true }),
  ];
}

export const mano = defineOptimizer({
  name: "mano",
  family: "manifold",
  summary:
    "Momentum made tangent at the normalised weight, with unit columns and rows in turn: no matrix product.",
  formula:
    "M ← μM + G;  Ŵ = W/‖W‖ₖ;  v = M − Ŵ⟨M, Ŵ⟩ₖ;  W ← (1−ηλ)W − η·0.2√nₖ·v/‖v‖ₖ;  axis k alternates, columns first",
  source: "Gu & Xie 2026, arXiv:2601.23000",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "oblique manifold, of the step",
  computation: "O(mn)",
  when: "Muon's place without a matrix product: hidden weights of large models, with AdamW's learning rate, since steps have RMS 0.2 η.",
  golden: ["mano", "mano_nesterov"],
  options: {
    ...manoOptions(false),
    retractMomentum: flag(false, "keep the tangent part as the momentum, M ← v; not with nesterov"),
  },
  recipe(options, { schedule }) {
    if (options.retractMomentum && options.nesterov)
      throw new OptionError("mano: retractMomentum has no nesterov form; give one of them");
    return manoMethods("mano", "normalized", options, schedule, options.retractMomentum);
  },
});

export const manoV2 = defineOptimizer({
  name: "mano_v2",
  family: "manifold",
  summary: "Mano without normalising the weight, and with Nesterov: the radial part is damped by 1 − ‖w‖².",
  formula:
    "M ← μM + G;  g = G + μM;  v = g − W⟨g, W⟩ₖ;  W ← (1−ηλ)W − η·0.2√nₖ·v/(‖v‖ₖ + eps);  axis k alternates",
  source: "Gu & Xie 2026, arXiv:2601.23000, repository's manoV2.py of March 2026",
  state: "mn for hidden weights, 2mn for the rest",
  geometry: "oblique manifold, of the step",
  computation: "O(mn)",
  when: "The later version of Mano, in the authors' curves the better one. Not invariant to the scale of the weight.",
  golden: ["mano_v2", "mano_v2_no_nesterov"],
  options: manoOptions(true),
  recipe: (options, { schedule }) => manoMethods("mano_v2", "raw", options, schedule),
});
