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
