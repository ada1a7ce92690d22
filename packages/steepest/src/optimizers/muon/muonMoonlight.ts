import { muonFlavour } from "./muonFlavour.ts";

/**
 * Muon as in Moonlight, for hidden weights and convolutions, seen as [dOut, rest]: steps of AdamW's usual
 * size.
 *
 *   M ← μM + G;   O = NewtonSchulz(G + μM);   W ← (1−ηλ)W − η·0.2√max(dOut, dIn)·O
 *
 * The root mean square of a step is about 0.2η, as AdamW's, so that its learning rate and decay carry over.
 * AdamW at the same rate and decay for the rest, with eps added before the bias correction as in the
 * authors' code. State mn. Source: Liu et al. 2025, arXiv:2502.16982; MoonshotAI/Moonlight.
 *
 * @example muonMoonlight({ learningRate: 1e-3, weightDecay: 0.1 })
 */
export const muonMoonlight = muonFlavour({
  name: "muon_moonlight",
  summary: "Muon with updates of AdamW's usual size, so that AdamW's learning rate and decay carry over.",
  when: "To replace AdamW in a tuned recipe: rate and decay carry over.",
  golden: ["muon_moonshot", "muon_moonshot_no_nesterov"],
  source: "Liu et al. 2025, arXiv:2502.16982; MoonshotAI/Moonlight",
  defaults: {
    learningRate: 1e-3,
    nesterov: true,
    momentumForm: "sum",
    weightDecay: 0.1,
    scale: "moonlight",
    normalization: "keller",
  },
  epsBeforeCorrection: true,
});
