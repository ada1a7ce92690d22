import { muonFlavour } from "./muonFlavour.ts";

/**
 * Muon as in NVIDIA's Emerging-Optimizers, for hidden weights and convolutions, seen as [dOut, rest]: no
 * look-ahead.
 *
 *   M ← μM + (1−μ)G;   O = NewtonSchulz(M) with You's coefficients;   W ← (1−ηλ)W − η·√max(dOut, dIn)·O
 *
 * AdamW at the same rate and decay for the rest. State mn. Source: NVIDIA-NeMo/Emerging-Optimizers muon.py,
 * whose further factor is `extraScale`, 0.2 to match Adam.
 *
 * @example muonEmerging({ learningRate: 3e-4, extraScale: 0.2 })
 */
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
