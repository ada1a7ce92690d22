import { UsageError } from "../plan/usageError.ts";
import { didYouMean } from "../text/suggest.ts";
import type { Claim } from "./claim.ts";

/** A claim as the list shows it. Its code is loaded when it is asked for. */
interface CatalogueEntry {
  readonly name: string;
  /** The claim in a line. */
  readonly summary: string;
  load(): Promise<Claim>;
}

/** Every claim that can be put to the test, paper by paper. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    name: "nuclear-least-squares",
    summary: "steps by theory reach their target for NSGD, Muon and Neon on random quadratics",
    load: async () => (await import("./claims/nuclearLeastSquares.ts")).nuclearLeastSquares,
  },
  {
    name: "nuclear-independent",
    summary: "F-Muon and F-Neon converge as well as what they are mixed from, at one step size",
    load: async () => (await import("./claims/nuclearIndependent.ts")).nuclearIndependent,
  },
  {
    name: "mano-theorem",
    summary: "the bound of the convergence theorem of simplified Mano",
    load: async () => (await import("./claims/manoTheorem.ts")).manoTheorem,
  },
  {
    name: "clipped-gpt",
    summary: "clipping helps Scion at a fixed step and does nothing where the step decays, on a GPT",
    load: async () => (await import("./claims/clippedGpt.ts")).clippedGpt,
  },
  {
    name: "clipped-fixed-step",
    summary: "at a fixed step clipped steps reach the critical point, others stop at a distance",
    load: async () => (await import("./claims/clippedFixedStep.ts")).clippedFixedStep,
  },
  {
    name: "mano-convergence",
    summary: "Mano ends below Muon and AdamW, at one learning rate and tuned",
    load: async () => (await import("./claims/manoConvergence.ts")).manoConvergence,
  },
  {
    name: "short-step",
    summary: "the short step of conditional gradients descends at every step, the open-loop one does not",
    load: async () => (await import("./claims/shortStep.ts")).shortStep,
  },
  {
    name: "scion-batch",
    summary: "for a fixed number of tokens Scion loses less than Adam when the batch grows",
    load: async () => (await import("./claims/scionBatch.ts")).scionBatch,
  },
  {
    name: "scion-transfer",
    summary: "the best step size of Scion does not move with the width, Adam's does",
    load: async () => (await import("./claims/scionTransfer.ts")).scionTransfer,
  },
  {
    name: "mano-dynamics",
    summary: "gradients under Mano have a smaller variance and a higher signal-to-noise ratio",
    load: async () => (await import("./claims/manoDynamics.ts")).manoDynamics,
  },
  {
    name: "mano-geodesic",
    summary: "AdamW's updates are closest to each other on the oblique manifold",
    load: async () => (await import("./claims/manoGeodesic.ts")).manoGeodesic,
  },
  {
    name: "scion-table",
    summary: "Scion ends below Muon, and all three below Adam",
    load: async () => (await import("./claims/scionTable.ts")).scionTable,
  },
  {
    name: "scion-momentum",
    summary: "an average of gradients serves Scion on images, a very long one does not",
    load: async () => (await import("./claims/scionMomentum.ts")).scionMomentum,
  },
  {
    name: "scion-norm-control",
    summary: "Scion keeps the weights within the radius, its free form within the sum of the steps",
    load: async () => (await import("./claims/scionNormControl.ts")).scionNormControl,
  },
  {
    name: "scion-first-last",
    summary: "column norms first and sign last are the best norms around spectral layers",
    load: async () => (await import("./claims/scionFirstLast.ts")).scionFirstLast,
  },
  {
    name: "clipped-schedule",
    summary: "clipping helps at a fixed step and does nothing where the step decays, on images",
    load: async () => (await import("./claims/clippedImages.ts")).clippedSchedule,
  },
  {
    name: "clipped-vit",
    summary: "clipped Scion is ahead of Scion on a vision transformer",
    load: async () => (await import("./claims/clippedImages.ts")).clippedVit,
  },
  {
    name: "clipped-dual-norm",
    summary: "the dual norm falls over a run without the constraint and rises with it",
    load: async () => (await import("./claims/clippedDualNorm.ts")).clippedDualNorm,
  },
  {
    name: "nuclear-gpt",
    summary: "F-Muon and F-Neon do as well as Muon and Neon on a GPT",
    load: async () => (await import("./claims/nuclearNetworks.ts")).nuclearGpt,
  },
  {
    name: "nuclear-cnn",
    summary: "F-Muon and F-Neon do as well as Muon and Neon on a CNN",
    load: async () => (await import("./claims/nuclearNetworks.ts")).nuclearCnn,
  },
  {
    name: "weight-norm-control",
    summary: "holding the norm of the weights trades peak performance for stability",
    load: async () => (await import("./claims/weightNormControl.ts")).weightNormControl,
  },
  {
    name: "mano-overhead",
    summary: "Mano's update takes a fraction of the time of Muon's and less memory",
    load: async () => (await import("./claims/manoOverhead.ts")).manoOverhead,
  },
  {
    name: "scion-alpha",
    summary: "with vanishing α uSCG converges, with a constant one the noise sets a floor",
    load: async () => (await import("./claims/scionAlpha.ts")).scionAlpha,
  },
  {
    name: "nuclear-logistic",
    summary: "F-Muon and F-Neon do as well as Muon and Neon on logistic regression",
    load: async () => (await import("./claims/nuclearNetworks.ts")).nuclearLogistic,
  },
  {
    name: "nuclear-svd-routines",
    summary: "steps of Muon and Neon need no whole singular value decomposition",
    load: async () => (await import("./claims/nuclearSvdRoutines.ts")).nuclearSvdRoutines,
  },
  {
    name: "two-spectra",
    summary: "all methods on text: a richer structure lowers the loss and costs state and time",
    load: async () => (await import("./claims/twoSpectra.ts")).twoSpectra,
  },
  {
    name: "two-spectra-images",
    summary: "all methods on images: a richer structure lowers the loss and costs state and time",
    load: async () => (await import("./claims/twoSpectra.ts")).twoSpectraImages,
  },
];

export const claimNames: readonly string[] = catalogue.map(({ name }) => name);

/** Throws `UsageError` for a name that is none. */
export async function loadClaim(name: string): Promise<Claim> {
  const entry = catalogue.find((one) => one.name === name);
  if (entry === undefined)
    throw new UsageError(
      `there is no claim "${name}"${didYouMean(name, claimNames)}; claims are ${claimNames.join(", ")}`,
    );
  return entry.load();
}
