import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface MadeRun {
  readonly optimizer?: string;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly steps?: number;
  /** Steps that are made; fewer than `steps`: the run has no summary. */
  readonly made?: number;
  /** Steps between texts on the way, of a run that says so. */
  readonly sampleEvery?: number;
}

const VALIDATIONS = 10;

/** Writes a run folder as `train` leaves it, with a loss that falls as one does, without training anything. */
export function writeMadeRun(folder: string, run: MadeRun = {}): void {
  const { optimizer = "muon", learningRate = 0.02, seed = 0, steps = 200, made = steps, sampleEvery } = run;
  mkdirSync(folder, { recursive: true });
  const plan = {
    optimizer,
    optimizerOptions: { learningRate, weightDecay: 0.1 },
    model: "char-1m",
    modelOptions: { depth: 2 },
    data: "moby-dick",
    seed,
    steps,
    batch: 16,
    schedule: "cosine",
    threads: 2,
    ...(sampleEvery !== undefined && { sampleEvery }),
  };
  const config = {
    format: 1,
    created: new Date(Date.UTC(2026, 0, 1, 12, seed)).toISOString(),
    plan,
    model: { parameters: 812_416 },
    batches: { unit: "tokens", tokensPerStep: 2048 },
    environment: { node: "22.1.0", cpu: "a processor of a test" },
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const lines = Array.from({ length: made + 1 }, (_, step) => madeLine(step, run, steps));
  writeFileSync(join(folder, "metrics.jsonl"), lines.join(""));
  if (made < steps) return;
  const valLoss = madeLoss(steps, run);
  const summary = {
    runDir: folder,
    steps,
    trainLoss: valLoss - 0.05,
    valLoss,
    msPerStep: 31.5,
    tokensPerSecond: 65_000,
    unit: "tokens",
    optimizerShare: 0.12,
    stateFloats: 812_416,
    parameters: 812_416,
    peakRssBytes: 4.1e8,
  };
  writeFileSync(join(folder, "summary.json"), JSON.stringify(summary));
}

/** A line of metrics.jsonl. */
export function madeLine(step: number, run: MadeRun = {}, steps = 200): string {
  const loss = madeLoss(step, run);
  const trained =
    step === 0
      ? {}
      : {
          loss,
          scheduleFactor: 1 - step / (steps + 1),
          gradNorm: 0.4 + 1 / step,
          ms: 30 + (7 * noise(step)) / 0.02,
        };
  const checked = step % Math.ceil(steps / VALIDATIONS) === 0 ? { valLoss: madeLoss(step, run) + 0.05 } : {};
  return `${JSON.stringify({ step, ...trained, seconds: step * 0.0315, tokens: step * 2048, ...checked })}\n`;
}

function madeLoss(step: number, { learningRate = 0.02, seed = 0, optimizer = "muon" }: MadeRun): number {
  const off = Math.log(learningRate / (optimizer === "muon" ? 0.02 : 0.003)) ** 2;
  return 1.4 + 0.02 * off + 3.1 / (1 + step / (optimizer === "muon" ? 18 : 30)) + noise(step + 1000 * seed);
}

/** The same for the same step, in [0, 0.02 · 2]. */
const noise = (step: number): number => 0.02 * (1 + Math.sin(step * 12.9898) * Math.cos(step * 78.233));
