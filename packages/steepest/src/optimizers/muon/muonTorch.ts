import { muonFlavour } from "./muonFlavour.ts";

/** torch refuses all but matrices; `scale: "moonlight"` is its "match_rms_adamw". */
export const muonTorch = muonFlavour({
  name: "muon_torch",
  summary: "Muon as in torch.optim, with Keller Jordan's shape factor and decay 0.1.",
  when: "To reproduce PyTorch's.",
  source: "pytorch torch/optim/_muon.py",
  defaults: {
    learningRate: 1e-3,
    nesterov: true,
    momentumForm: "ema",
    weightDecay: 0.1,
    scale: "shape",
    normalization: "torch",
  },
});
