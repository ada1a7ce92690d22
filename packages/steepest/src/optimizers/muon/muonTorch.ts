import { muonFlavour } from "./muonFlavour.ts";

/**
 * Muon as in torch.optim, for hidden weights and convolutions, seen as [dOut, rest].
 *
 *   M ← μM + (1−μ)G;   O = NewtonSchulz((1−μ)G + μM);   W ← (1−ηλ)W − η·√max(1, dOut/dIn)·O
 *
 * AdamW at the same rate and decay for the rest, which torch leaves to the user: it takes matrices only.
 * State mn. Source: pytorch torch/optim/_muon.py. `scale: "moonlight"` is its adjust_lr_fn
 * "match_rms_adamw".
 *
 * @example muonTorch({ learningRate: 1e-3 })
 */
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
