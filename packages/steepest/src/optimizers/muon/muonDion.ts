import { muonFlavour } from "./muonFlavour.ts";

/**
 * Muon as in microsoft/dion, for hidden weights and convolutions, seen as [dOut, rest]: the same RMS→RMS
 * norm of a step for every shape.
 *
 *   M ← μM + G;   O = PolarExpress(M);   W ← (1−ηλ)W − η·√(dOut/dIn)·O
 *
 * AdamW at the same rate and decay for the rest. State mn. Source: microsoft/dion dion/muon.py. ‖U‖_F is
 * enlarged by 1.02 as there; the eps of 1e-8 beside it is left out.
 *
 * @example muonDion({ learningRate: 0.01 })
 */
export const muonDion = muonFlavour({
  name: "muon_dion",
  summary: "Muon as in microsoft/dion: Polar Express, and the same RMS→RMS norm of a step for all shapes.",
  when: "To reproduce microsoft/dion's, with rates that carry over between widths.",
  source: "microsoft/dion dion/muon.py",
  defaults: {
    learningRate: 0.01,
    nesterov: false,
    momentumForm: "sum",
    weightDecay: 0.01,
    scale: "rms",
    coefficients: "polarExpress2pct",
  },
});
