import type { RateOrigin, RunPlan } from "../runPlan.ts";
import { rateOptions, tunedPage } from "./chooseRates.ts";

const meanings = {
  given: "given",
  measured: "best found for this job",
  tuned: "best of a short search, --tune",
  preset: "the authors', with their radii for networks on images",
  published: "the method's own default, not tuned for this job",
  "fine-tuning": "a tenth of the method's own default, since training starts from weights",
} as const satisfies Record<RateOrigin, string>;

/** The learning rates in force and where they come from: `learningRate 0.04, auxiliaryLearningRate 0.08 (best found …)`. */
export function describeRates(plan: RunPlan): string {
  const page = tunedPage(plan);
  const meaning = (origin: RateOrigin): string =>
    origin === "measured" && page !== undefined ? `${meanings.measured}, ${page}` : meanings[origin];
  const groups = new Map<RateOrigin, string[]>();
  for (const name of rateOptions(plan.optimizer)) {
    const origin = plan.rateOrigins[name] ?? "published";
    groups.set(origin, [...(groups.get(origin) ?? []), `${name} ${String(plan.optimizerOptions[name])}`]);
  }
  return [...groups].map(([origin, rates]) => `${rates.join(", ")} (${meaning(origin)})`).join("; ");
}
