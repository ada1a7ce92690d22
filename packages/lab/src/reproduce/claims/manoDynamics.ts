import { pairedTest } from "../../compare/pairedTest.ts";
import { defineClaim, type Scale } from "../claim.ts";
import type { CurvePanel } from "../figureParts.ts";
import { smallGpt, smallGptText } from "../smallGpt.ts";
import { sourceIn } from "../sources.ts";
import { intervalOf, meanOf, ratioOf, together, verdictOf, withInterval } from "../statistics.ts";
import { plannedRun } from "../trained.ts";
import { laterHalf, type Watched, watched, watchedPart } from "../watched.ts";

/** The best settings of mano-convergence, where all were tuned. */
const methods = {
  adamw: { learningRate: 0.027, weightDecay: 0.1 },
  muon_moonlight: { learningRate: 0.027, weightDecay: 0.1 },
  mano: { learningRate: 0.027, weightDecay: 0 },
} as const;
type Method = keyof typeof methods;
const names = ["adamw", "muon_moonlight", "mano"] as const;

const numbers = { norm: "‖g‖", variance: "variance", snr: "SNR" } as const;
const seeds = [101, 102, 103, 104, 105] as const;

const partId = (method: Method, seed: number): string => `${method}-${seed}`;

export const manoDynamics = defineClaim<Watched>({
  name: "mano-dynamics",
  title: "Gradient norm, variance and signal to noise under Mano",
  source: sourceIn("mano", "figure on gradient norm, variance and SNR, LLaMA-350M"),
  statement:
    "Under Mano gradients are more stable than under AdamW and Muon: a smaller variance and a higher ratio of signal to noise.",
  setup: (
    scale: Scale,
  ) => `${smallGptText(scale)}, linear decay, each method at the settings that were best in mano-convergence (learning rate 0.027 for all three; weight decay 0.1, 0.1 and 0), ${seeds.length} seeds. Every tenth of the run the gradients of four parts
of a batch give the norm of their mean, the variance of a gradient of the whole batch, and SNR = ‖mean‖²/variance, over all weights. The source has figures without numbers; the claim is read as: in the second half of the
run Mano's variance is smaller and its SNR larger than that of AdamW and of Muon (paired by seed, geometric means).`,
  result: watched,
  parts: (scale) =>
    names.flatMap((method) =>
      seeds.map((seed) => {
        const base = smallGpt(scale);
        const watch = { watch: "snr", watchEvery: Math.round(base.steps / 10) };
        const plan = plannedRun(base, watch, {
          optimizer: method,
          optimizerOptions: methods[method],
          seed,
        });
        return watchedPart(partId(method, seed), plan, ({ diagnostic, scope, values }) =>
          diagnostic === "snr" && scope === "all"
            ? { norm: values.norm, variance: values.variance, snr: values.snr }
            : {},
        );
      }),
    ),
  analyse(scale, done) {
    const runs = (method: Method): Watched[] => seeds.flatMap((seed) => done.get(partId(method, seed)) ?? []);
    const later = (method: Method, name: string): number[] =>
      runs(method).map((run) => meanOf(laterHalf(run, name)));
    const ratio = (name: string, other: Method) => ratioOf(later("mano", name), later(other, name));
    const [toAdam, toMuon] = (["adamw", "muon_moonlight"] as const).map((other) => ({
      variance: ratio("variance", other),
      snr: ratio("snr", other),
    }));
    const panel = (name: keyof typeof numbers): CurvePanel => ({
      title: `${numbers[name]}, mean over seeds`,
      x: { label: "step" },
      y: { label: numbers[name], log: true },
      series: names.map((method) => {
        const all = runs(method).map(({ seen }) => seen[name] ?? []);
        const steps = (all[0] ?? []).map(([step]) => step);
        const at = (step: number): number[] =>
          all.flatMap((one) => one.find(([each]) => each === step)?.[1] ?? []);
        return {
          name: method,
          dots: true,
          points: steps.map((step) => [step, meanOf(at(step))] as const),
          band: steps.map((step) => [step, Math.min(...at(step)), Math.max(...at(step))] as const),
        };
      }),
    });
    return {
      verdict: together(
        [toAdam, toMuon].flatMap((one) => [
          verdictOf(one?.variance, "below", 1, seeds.length),
          verdictOf(one?.snr, "above", 1, seeds.length),
        ]),
      ),
      headline:
        `In the second half Mano's variance is ${withInterval(toAdam?.variance)} times AdamW's and ${withInterval(toMuon?.variance)} times Muon's, ` +
        `its SNR ${withInterval(toAdam?.snr)} and ${withInterval(toMuon?.snr)} times theirs.`,
      tables: [
        {
          caption:
            "Means of the second half of the runs, with 95 % intervals over seeds; validation loss at the end.",
          head: ["method", ...Object.values(numbers), "loss"],
          rows: names.map((method) => [
            method,
            ...Object.keys(numbers).map((name) => withInterval(intervalOf(later(method, name)))),
            withInterval(
              pairedTest(
                runs(method).map(({ valLoss }) => valLoss ?? Number.NaN),
                runs(method).map(() => 0),
              ),
            ),
          ]),
        },
      ],
      figure: {
        label: "Gradient norm, variance and signal to noise over steps for AdamW, Muon and Mano",
        panels: [panel("norm"), panel("variance"), panel("snr")],
      },
      remarks: [
        "The variance is estimated from four parts of one batch: single looks are noisy, means of ten are compared.",
        "Gradients are measured where each method is: a method with a lower loss, or larger weights, has other gradients for that reason alone.",
        `The scale is ${scale}: the paper's runs have 10,000 steps, these a first part of what such a run goes through.`,
      ],
    };
  },
});
