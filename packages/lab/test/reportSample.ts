import type { CompareRow } from "../src/compare/compareRow.ts";
import { stepsToReach } from "../src/compare/stepsToReach.ts";
import type { CompareReport, ReportRun } from "../src/report/compareReport.ts";
import type { LossCurves, LossPoint } from "../src/run/runResult.ts";

interface Made {
  readonly label: string;
  readonly floor: number;
  readonly rate: number;
  readonly ms: number;
  readonly share: number;
  readonly state: number;
  readonly stopsAt?: number;
}

const MADE: readonly Made[] = [
  { label: "adamw", floor: 1.62, rate: 0.45, ms: 31, share: 0.09, state: 2 },
  { label: "muon", floor: 1.48, rate: 0.55, ms: 38, share: 0.27, state: 1.2 },
  { label: "scion", floor: 1.5, rate: 0.53, ms: 36, share: 0.24, state: 1 },
  {
    label: "mano_v2:learningRate=0.02,momentum=0.9",
    floor: 1.55,
    rate: 0.5,
    ms: 33,
    share: 0.12,
    state: 1.2,
  },
  { label: "sgd", floor: 2.3, rate: 0.3, ms: 29, share: 0.04, state: 1, stopsAt: 210 },
];

/** A comparison that nobody ran: losses from a formula and a small generator, the same each time. */
export function sampleReport(
  options: { steps?: number; seeds?: number; count?: number } = {},
): CompareReport {
  const { steps = 600, seeds = 1, count = MADE.length } = options;
  const made = MADE.slice(0, count);
  const targets = new Map<number, number>();
  const runs = made.flatMap((one) =>
    Array.from({ length: seeds }, (_, seed): ReportRun => {
      const curves = madeCurves(one, seed, steps);
      const valLoss = curves.validation.at(-1)?.loss ?? null;
      if (one === made[0] && valLoss !== null) targets.set(seed, valLoss);
      return { row: madeRow(one, seed, steps, curves, targets.get(seed) ?? Number.NaN), curves };
    }),
  );
  return {
    title: `${made.map(({ label }) => label.split(":")[0]).join(", ")} on Moby Dick`,
    job: [
      { label: "model", value: "gpt, 4 layers, width 128, 4 heads" },
      { label: "parameters", value: "842,112" },
      { label: "data", value: "Moby Dick, 1,213,144 characters" },
      { label: "tokenizer", value: "character, 89 tokens" },
      { label: "batch", value: "16 × 128 tokens" },
      { label: "steps", value: `${steps}, schedule cosine` },
      { label: "seeds", value: Array.from({ length: seeds }, (_, seed) => seed).join(", ") },
    ],
    runs,
    recipes: made.map(({ label }) => ({
      label,
      optimizer: label.split(":")[0] ?? label,
      family: "norm-constrained",
      summary: "Momentum, made orthogonal: every direction of a hidden weight moves by the same amount.",
      formula: "m ← β m + g\nO = polar(β m + g)\nW ← (1 − η λ) W − η · 0.2 √max(dOut, dIn) · O",
      source: "Keller Jordan 2024; Liu et al. 2025, arXiv:2502.16982",
      state: "m n",
      options: [
        { name: "learningRate", value: "0.02", changed: label.includes(":") },
        { name: "momentum", value: "0.95", changed: false },
        { name: "weightDecay", value: "0", changed: false },
      ],
    })),
    environment: [
      { label: "engine", value: "jax-js 0.1.25, WebAssembly" },
      { label: "machine", value: "2 cores, 24 GiB, linux x64" },
      { label: "node", value: "20.20.2" },
    ],
    command: `npx steepest compare ${made.map(({ label }) => label).join(" ")} --steps ${steps} --seeds ${seeds}`,
  };
}

function madeCurves(one: Made, seed: number, steps: number): LossCurves {
  const random = generator(seed * 97 + one.label.length);
  const at = (step: number): number =>
    one.floor + (4.49 - one.floor) * (1 + step / 6) ** -one.rate * Math.exp(-step / steps);
  const last = Math.min(steps, one.stopsAt ?? steps);
  const shift = (random() - 0.5) * 0.05;
  const seconds = (step: number): number => (step * one.ms) / 1000;
  const train: LossPoint[] = [];
  const validation: LossPoint[] = [{ step: 0, seconds: 0, loss: at(0) }];
  for (let step = 1; step <= last; step++) {
    const noise = (random() + random() - 1) * 0.16;
    const wild = one.stopsAt !== undefined && step > one.stopsAt - 12 ? 1.9 ** (step - one.stopsAt + 12) : 0;
    train.push({ step, seconds: seconds(step), loss: at(step) + shift + noise + wild });
    if (step % Math.max(1, Math.round(steps / 12)) === 0) {
      validation.push({
        step,
        seconds: seconds(step),
        loss: at(step) + 0.06 + shift + (random() - 0.5) * 0.02,
      });
    }
  }
  if (one.stopsAt !== undefined) train.push({ step: last + 1, seconds: seconds(last + 1), loss: Number.NaN });
  return { train, validation };
}

function madeRow(one: Made, seed: number, steps: number, curves: LossCurves, target: number): CompareRow {
  const optimizer = one.label.split(":")[0] ?? one.label;
  const diverged = one.stopsAt !== undefined;
  return {
    optimizer,
    label: one.label,
    seed,
    status: diverged ? "diverged" : "finished",
    ...(diverged ? { error: `the loss is not finite at step ${one.stopsAt}` } : {}),
    runDir: `runs/2026-11-22-compare/${optimizer}-seed${seed}`,
    steps: Math.min(steps, one.stopsAt ?? steps),
    trainLoss: diverged ? null : (curves.train.at(-1)?.loss ?? null),
    valLoss: diverged ? null : (curves.validation.at(-1)?.loss ?? null),
    stepsToReference: diverged ? null : stepsToReach(curves.validation, target),
    msPerStep: one.ms + seed * 0.3,
    tokensPerSecond: 2048 / (one.ms / 1000),
    optimizerShare: one.share,
    stateFloats: Math.round(one.state * 842_112),
    parameters: 842_112,
    peakRssBytes: 310e6 + one.state * 12e6,
  };
}

/** Park & Miller 1988: enough for made-up noise. */
function generator(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
