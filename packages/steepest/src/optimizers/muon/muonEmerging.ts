import { muonFlavour } from "./muonFlavour.ts";

/** There is an extra factor, 0.2 to match Adam: `extraScale`. */
export const muonEmerging = muonFlavour({
  name: "muon_emerging",
  summary: "Muon as in NVIDIA Emerging-Optimizers: no look-ahead, You's coefficients, updates of RMS one.",
  when: "To reproduce NVIDIA's.",
  golden: ["muon_quintic_spectral", "muon_spectral_scale"],
  source: "NVIDIA-NeMo/Emerging-Optimizers muon.py",
  defaults: {
    learningRate: 3e-4,
    nesterov: false,
    momentumForm: "ema",
    weightDecay: 0.01,
    scale: "spectral",
    coefficients: "you5",
    normalization: "nvidia",
  },
});
