import { muonFlavour } from "./muonFlavour.ts";

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
