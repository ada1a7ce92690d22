import { muonFlavour } from "./muonFlavour.ts";

/**
 * Muon as reported for DeepSeek-V4, for hidden weights and convolutions, seen as [dOut, rest]: ten
 * iterations that converge.
 *
 *   M ← μM + G;   O = NewtonSchulz(G + μM), 8 steps of Keller Jordan's and 2 convergent ones
 *   W ← (1−ηλ)W − η·0.18√max(dOut, dIn)·O
 *
 * Singular values of O are 1 within 0.1 %. AdamW at the same rate and decay for the rest. State mn. Source:
 * DeepSeek-V4 report, Algorithm 1, read in translation. Its learning rate is
 * AdamW's.
 *
 * @example muonDeepseekV4({ learningRate: 3e-4 })
 */
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
