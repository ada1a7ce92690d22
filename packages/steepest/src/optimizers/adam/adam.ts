import { chain } from "../../core/chain.ts";
import type { Schedule } from "../../core/schedules/schedule.ts";
import { everything, type Method } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import { choice, flag, nonNegative, pastWeight, rate, type ValuesOf } from "../../define/options.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { scaleByAdam } from "../../transforms/scaleByAdam.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";

const shared = {
  learningRate: rate(1e-3, "η"),
  b1: pastWeight(0.9, "weight of the past in the average of gradients"),
  b2: pastWeight(0.999, "weight of the past in the average of squared gradients"),
  eps: nonNegative(1e-8, "added outside the root"),
  epsBeforeCorrection: flag(false, "add eps to the uncorrected root, as Moonlight and Mano do"),
  amsgrad: flag(false, "divide by the largest average so far"),
};
const decay = (initial: "l2" | "decoupled") =>
  choice(initial, ["l2", "decoupled"], "λW added to the gradient, or the weight shrunk by ηλ");

const adamOptions = { ...shared, weightDecay: nonNegative(0, "λ"), weightDecayMode: decay("l2") };
const adamwOptions = { ...shared, weightDecay: nonNegative(0.01, "λ"), weightDecayMode: decay("decoupled") };

type Values = ValuesOf<typeof adamOptions>;

function adamMethod(name: string, values: Values, schedule: Schedule | undefined): readonly Method[] {
  const { learningRate, weightDecay, weightDecayMode, ...rest } = values;
  const transform = chain(
    addDecayedWeights(weightDecayMode === "l2" ? weightDecay : 0),
    scaleByAdam(rest),
    addDecayedWeights(weightDecayMode === "decoupled" ? weightDecay : 0),
    scaleByLearningRate(learningRate, schedule),
  );
  return [{ name, takes: everything, transform }];
}

export const adam = defineOptimizer({
  name: "adam",
  family: "fisher",
  summary: "The diagonal of the Fisher matrix, with bias-corrected averages; decay, if any, is L2.",
  formula: "g = G + λW;  m ← b1·m + (1−b1)g;  v ← b2·v + (1−b2)g²;  W ← W − η m̂ / (√v̂ + eps)",
  source: "Kingma & Ba 2014, arXiv:1412.6980",
  state: "2mn (3mn with amsgrad)",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when: "Where others' settings for Adam are to be reproduced. For weight decay use `adamw`: here λ is part of the gradient.",
  golden: ["adam", "adam_l2", "adam_amsgrad"],
  options: adamOptions,
  recipe: (values, { schedule }) => adamMethod("adam", values, schedule),
});

export const adamw = defineOptimizer({
  name: "adamw",
  family: "fisher",
  summary: "Adam with decoupled weight decay: the baseline of language models.",
  formula: "m ← b1·m + (1−b1)G;  v ← b2·v + (1−b2)G²;  W ← (1−ηλ)W − η m̂ / (√v̂ + eps)",
  source: "Loshchilov & Hutter 2017, arXiv:1711.05101",
  state: "2mn (3mn with amsgrad)",
  geometry: "Diag(v)",
  computation: "O(mn)",
  when: "The baseline, for every kind of parameter, and the method for embeddings, head, gains and biases beside a matrix method. Its state is twice the weights.",
  golden: ["adamw"],
  options: adamwOptions,
  recipe: (values, { schedule }) => adamMethod("adamw", values, schedule),
});
