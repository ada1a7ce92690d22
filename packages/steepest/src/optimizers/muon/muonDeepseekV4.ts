import { muonFlavour } from "./muonFlavour.ts";

/** Its rate is AdamW's. */
export const muonDeepseekV4 = muonFlavour({
  name: "muon_deepseek_v4",
  summary: "Muon with ten steps that end in convergence: singular values of one within 0.1 %.",
  when: "Where singular values of the step must be 1 to a thousandth: twice the iterations.",
  source: "DeepSeek-V4 report, Algorithm 1 (read in translation)",
  defaults: {
    learningRate: 3e-4,
    nesterov: true,
    momentumForm: "sum",
    weightDecay: 0.1,
    scale: "moonlight",
    extraScale: 0.9, // 0.18·√max(A, B)
    coefficients: "deepseekV4",
    steps: 10,
  },
});
