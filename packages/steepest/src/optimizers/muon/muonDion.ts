import { muonFlavour } from "./muonFlavour.ts";

/** ‖U‖_F is enlarged by 1.02; their eps of 1e-8 beside it is left out. */
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
